#!/usr/bin/python3
"""lo_uno.py WORK IN.xlsx OUT.xlsx REPS : headless LibreOffice through UNO; times load (parse+first calculation), calculateAll, store; dumps results for the exactness check."""
import sys,time,subprocess,os,json,uno,statistics as st
from com.sun.star.beans import PropertyValue
work,src,dst,reps=sys.argv[1],sys.argv[2],sys.argv[3],int(sys.argv[4])
prof=os.path.abspath("lo_profile_uno"); t0=time.perf_counter()
p=subprocess.Popen(["soffice",f"-env:UserInstallation=file://{prof}","--headless","--norestore","--nologo","--accept=pipe,name=perfpipe;urp;"],stdout=subprocess.DEVNULL,stderr=subprocess.DEVNULL)
ctx=uno.getComponentContext(); res=ctx.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver",ctx)
while True:
    try: c=res.resolve("uno:pipe,name=perfpipe;urp;StarOffice.ComponentContext"); break
    except Exception: time.sleep(0.05)
start=time.perf_counter()-t0
desk=c.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop",c)
pv=lambda n,v: PropertyValue(n,0,v,0)
def binpid():
    for d in os.listdir("/proc"):
        if d.isdigit():
            try:
                cl=open(f"/proc/{d}/cmdline").read()
                if "soffice.bin" in cl and prof in cl: return d
            except OSError: pass
L,C,S=[],[],[]
for i in range(reps):
    t=time.perf_counter(); doc=desk.loadComponentFromURL("file://"+os.path.abspath(src),"_blank",0,(pv("Hidden",True),)); L.append(time.perf_counter()-t)
    t=time.perf_counter(); doc.calculateAll(); C.append(time.perf_counter()-t)
    t=time.perf_counter(); doc.storeToURL("file://"+os.path.abspath(dst),(pv("FilterName","Calc MS Excel 2007 XML"),)); S.append(time.perf_counter()-t)
    if i==reps-1:
        N=int(sys.argv[5]); K=int(sys.argv[6]); sh=doc.Sheets
        sc=sh.getByName("Score").getCellRangeByPosition(1,1,K,N).getDataArray(); to=sh.getByName("Total").getCellRangeByPosition(3,1,6,N).getDataArray()
        json.dump([sc,to],open(f"./out/{work}.lo.json","w"))
    doc.close(True)
hw=[l.split()[1] for l in open(f"/proc/{binpid()}/status") if l.startswith("VmHWM")][0]
m=lambda x: round(st.median(x),4)
print(json.dumps(dict(peer="LibreOffice",work=work,start_s=round(start,2),load_s=m(L),calc_s=m(C),calc_all=[round(x,4) for x in C],store_s=m(S),peak_mb=int(hw)//1024,loads=[round(x,3) for x in L])))
try: desk.terminate()
except Exception: pass
p.wait(timeout=30)
