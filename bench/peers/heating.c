// Workload C (policies/bench-heating), one thread: heating csv NAME OUT  |  heating memory NAME REPS [OUT]
// gcc -O3 -march=native -fno-trapping-math heating.c -o heating
// In memory the columns are as narrow as their figures and the compiler makes vectors of the loop; OUT gets the results.
// Exactness of the division in floats: floor((n+0.5)*(1/m)) == n div m for integers 0<=n<2^49, as in limit.c.
#include "csv.h"
#define DAYS(y,m,d) (365*((y)-((m)<3))+((y)-((m)<3))/4-((y)-((m)<3))/100+((y)-((m)<3))/400+(153*((m)+((m)<3?9:-3))+2)/5+(d)-1-719468)
enum{PAY,NONE,OFFSET,REVIEW};static const char*const S[]={"pay","none","offset","review"};
typedef struct{uint8_t*zone,*own,*class,*away,*cut,*member;int32_t*born,*moved,*applied,*area,*fee,*emp,*house,*over,*arr;}Columns;
typedef struct{int32_t pay,recovered,offset;uint8_t status;}Result;
static inline int mn(int a,int b){return a<b?a:b;}
static inline int mx(int a,int b){return a>b?a:b;}
static inline __attribute__((always_inline)) Result decide(int zone,int own,int class,int away,int born,int moved,int applied,int area,int cut,int member,int fee,int emp,int house,int over,int arr){
 int old80=born<=DAYS(1945,11,15),old90=born<=DAYS(1935,11,15),able=!away&(class!=4|old80),review=(moved>applied)|(born>applied)|(area>30000);
 int months=(moved<=DAYS(2025,11,15))+(moved<=DAYS(2025,12,15))+(moved<=DAYS(2026,1,15))+(moved<=DAYS(2026,2,15))+(moved<=DAYS(2026,3,15));
 int ratio=mn(10,(class==1?10:class==2?8:class==3?5:3)+old80+old90),share=member==1?2:member==2?1:0,less=mn(6,mx(0,applied-DAYS(2025,12,31))/10);
 int month=own?(zone==1?150000:zone==2?180000:220000):(zone==1?42:zone==2?36:33)*mn(area,9000);                                  // 0.001 yuan
 double n=(double)(month*months)*(double)((151-cut)*ratio*share*(20-less));                                                       // of 1000*151*10*2*20 yuan
 int due=(int)((2*n+604000.5)*(1/1208000.0)),grant=mn(due,mn(mx(0,fee-emp),mx(0,180000-house)));grant=able&!review?grant:0;
 int recovered=mn(over,grant/20*10),offset=mn(arr,grant-recovered),pay=grant-recovered-offset;
 return(Result){pay,recovered,offset,!able?NONE:review?REVIEW:!grant?NONE:!pay?OFFSET:PAY};}
static inline int day(const char**p){int y=num(p),m=num(p),d=num(p);return DAYS(y,m,d);}
static inline int word(const char**p){int c=**p;while(*(*p)++!=',');return c;}
static char*line(char*o,i64 id,Result r){o=pu(o,id);*o++=',';o=pc(o,r.pay);*o++=',';int l=strlen(S[r.status]);memcpy(o,S[r.status],l);o+=l;*o++=',';o=pc(o,r.recovered);*o++=',';o=pc(o,r.offset);*o++='\n';return o;}
#define ROW(p) i64 id=num(&p);int zone=num(&p),own=word(&p)=='o',class=num(&p),away=word(&p)=='y',born=day(&p),moved=day(&p),applied=day(&p),area=dec(&p),cut=num(&p),member=num(&p),fee=dec(&p),emp=dec(&p),house=dec(&p),over=dec(&p),arr=dec(&p)
static void __attribute__((noinline)) all(Columns c,i64 n,int32_t*restrict pay,int32_t*restrict recovered,int32_t*restrict offset,uint8_t*restrict status){
 for(i64 i=0;i<n;i++){Result r=decide(c.zone[i],c.own[i],c.class[i],c.away[i],c.born[i],c.moved[i],c.applied[i],c.area[i],c.cut[i],c.member[i],c.fee[i],c.emp[i],c.house[i],c.over[i],c.arr[i]);
  pay[i]=r.pay;recovered[i]=r.recovered;offset[i]=r.offset;status[i]=r.status;}}
static int later(const void*a,const void*b){double x=*(double*)a,y=*(double*)b;return(x>y)-(x<y);}
int main(int c,char**v){double t0=now();char f[300];size_t n;snprintf(f,300,"data/%s.csv",v[2]);const char*p=rd(f,&n),*e=p+n;i64 N=0;while(*p++!='\n');const char*heads="person,benefit,status,recovered,offset\n";
 for(const char*q=p;(q=memchr(q,'\n',e-q));q++)N++;
 char*o=malloc(N*60+100),*q=o+sprintf(o,"%s",heads);
 if(v[1][0]=='c'){while(p<e){ROW(p);q=line(q,id,decide(zone,own,class,away,born,moved,applied,area,cut,member,fee,emp,house,over,arr));}
  double t1=now();wr(v[3],o,q-o);printf("{\"peer\":\"C heating t1\",\"work\":\"%s e2e\",\"t\":%.4f,\"parse_compute_format\":%.4f,\"write\":%.4f}\n",v[2],now()-t0,t1-t0,now()-t1);return 0;}
 uint8_t*b[7];int32_t*w[12];for(int k=0;k<7;k++)b[k]=calloc(N,1);for(int k=0;k<12;k++)w[k]=calloc(N,4);i64*ids=malloc(N*8);
 Columns k={b[0],b[1],b[2],b[3],b[4],b[5],w[0],w[1],w[2],w[3],w[4],w[5],w[6],w[7],w[8]};
 for(i64 i=0;p<e;i++){ROW(p);ids[i]=id;b[0][i]=zone;b[1][i]=own;b[2][i]=class;b[3][i]=away;b[4][i]=cut;b[5][i]=member;w[0][i]=born;w[1][i]=moved;w[2][i]=applied;w[3][i]=area;w[4][i]=fee;w[5][i]=emp;w[6][i]=house;w[7][i]=over;w[8][i]=arr;}
 int reps=mn(64,mx(1,atoi(v[3])));double ts[64];all(k,N,w[9],w[10],w[11],b[6]);
 for(int r=0;r<reps;r++){double t=now();all(k,N,w[9],w[10],w[11],b[6]);ts[r]=now()-t;}
 qsort(ts,reps,8,later);printf("{\"peer\":\"C narrow t1\",\"work\":\"%s\",\"rows\":%ld,\"t\":%.6f,\"min\":%.6f,\"mrows_s\":%.1f}\n",v[2],N,ts[reps/2],ts[0],N/ts[reps/2]/1e6);
 if(c>4){for(i64 i=0;i<N;i++)q=line(q,ids[i],(Result){w[9][i],w[10][i],w[11][i],b[6][i]});wr(v[4],o,q-o);}}
