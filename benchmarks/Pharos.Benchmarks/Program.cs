using BenchmarkDotNet.Running;
using Pharos.Benchmarks;
using Pharos.Benchmarks.Soak;

if (args is ["soak", .. var rest])
{
    return await SoakRun.MainAsync(rest);
}
BenchmarkSwitcher.FromAssembly(typeof(ExpositionBenchmarks).Assembly).Run(args);
return 0;
