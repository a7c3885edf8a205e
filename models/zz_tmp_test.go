package models_test
import ("testing";"math";"os";"fmt";"time"
"github.com/unroll-go/unroll/models"
"github.com/unroll-go/unroll/graph"
"github.com/stretchr/testify/require")
func TestTmpScale(t *testing.T){
 raw,_:=os.ReadFile("/tmp/nw/tail.txt")
 for _,how:=range []string{"none","col","row","tensor"}{
 m,err:=models.LoadCharLMFile("/tmp/try/ts/ts.safetensors"); require.NoError(t,err)
 ids,err:=m.Vocab.Encode(string(raw)); require.NoError(t,err)
 m.Params.Update(func(p *graph.Param) error {
  s:=p.Shape(); if len(s)!=2||p.Path()=="embed/E" {return nil}
  w:=p.Float32s(); R,C:=s[0],s[1]
  q:=func(idx func(k int)int,n int){mx:=0.0; for k:=range n{mx=max(mx,math.Abs(float64(w[idx(k)])))}
   for k:=range n{i:=idx(k); w[i]=float32(math.RoundToEven(float64(w[i])/mx*127)*mx/127)}}
  switch how{case "col": for j:=range C{q(func(k int)int{return k*C+j},R)}
  case "row": for i:=range R{q(func(k int)int{return i*C+k},C)}
  case "tensor": q(func(k int)int{return k},R*C)}
  return nil})
 s,err:=m.Score(ids,2); require.NoError(t,err)
 fmt.Printf("%s %.5f\n",how,s.Nats)
 }
}
func TestTmpSpeed(t *testing.T){
 for _,H:=range []int{128,512}{
 v:=vocabOf(t,"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ .,;:!?'-&3$\n")
 m,err:=models.NewCharLM(models.Config{Cell:"lstm",Embed:64,Hidden:H,Layers:2},v,1); require.NoError(t,err)
 best:=map[models.Precision]float64{}
 for range 8 { for p:=models.Float32;p<=models.Int8;p++{
  require.NoError(t,m.Narrow(p)); g,err:=m.Generator(models.Sampling{Seed:1}); require.NoError(t,err)
  n:=20000*128/H/ (1+3*(H/512)); g.Text("",n/10); st:=time.Now(); g.Text("",n); best[p]=max(best[p],float64(n)/time.Since(st).Seconds())
 }}
 fmt.Printf("H=%d",H); for p:=models.Float32;p<=models.Int8;p++{fmt.Printf(" %v %.0f (%.2fx)",p,best[p],best[p]/best[models.Float32])}; fmt.Println()
 }
}
