// Reading and writing CSV for the C programs: plain scalar parsing, no SIMD tricks.
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <stdint.h>
#include <time.h>
#include <fcntl.h>
#include <unistd.h>
#include <sys/mman.h>
#include <sys/stat.h>
typedef int64_t i64;
static double now(){struct timespec t;clock_gettime(CLOCK_MONOTONIC,&t);return t.tv_sec+t.tv_nsec*1e-9;}
static char*rd(const char*f,size_t*n){int fd=open(f,O_RDONLY);struct stat s;if(fd<0||fstat(fd,&s)){perror(f);exit(1);}*n=s.st_size;char*p=mmap(0,s.st_size+1,PROT_READ,MAP_PRIVATE|MAP_POPULATE,fd,0);return p;}
static inline i64 num(const char**pp){const char*p=*pp;i64 v=0;while((unsigned)(*p-'0')<10)v=v*10+(*p++-'0');*pp=p+1;return v;}       // integer, skips separator
static inline i64 dec(const char**pp){const char*p=*pp;i64 v=0;int neg=*p=='-';p+=neg;while((unsigned)(*p-'0')<10)v=v*10+(*p++-'0');v*=100;if(*p=='.'){p++;if((unsigned)(*p-'0')<10){v+=10*(*p++-'0');if((unsigned)(*p-'0')<10)v+=(*p++-'0');}}*pp=p+1;return neg?-v:v;}
static inline char*pu(char*o,uint64_t v){char b[24];int n=0;do{b[n++]='0'+v%10;v/=10;}while(v);while(n)*o++=b[--n];return o;}
static inline char*pc(char*o,i64 c){if(c<0){*o++='-';c=-c;}o=pu(o,c/100);*o++='.';*o++='0'+c/10%10;*o++='0'+c%10;return o;}
static void wr(const char*f,char*b,size_t n){int fd=open(f,O_CREAT|O_TRUNC|O_WRONLY,0644);while(n){ssize_t k=write(fd,b,n);if(k<=0)exit(1);b+=k;n-=k;}close(fd);}
