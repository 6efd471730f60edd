using BenchmarkDotNet.Running;
using Pharos.Benchmarks;
using Pharos.Benchmarks.Churn;
using Pharos.Benchmarks.Logs;
using Pharos.Benchmarks.Soak;
using Pharos.Benchmarks.Traces;

if (args is ["soak", .. var rest])
{
    return await SoakRun.MainAsync(rest);
}
if (args is ["churn", .. var options])
{
    return await ChurnRun.MainAsync(options);
}
if (args is ["churn-push", .. var pushed])
{
    return await ChurnPushRun.MainAsync(pushed);
}
if (args is ["logs", .. var lines])
{
    return await LogRun.MainAsync(lines);
}
if (args is ["logs-server", .. var server])
{
    return await LogServerRun.MainAsync(server);
}
if (args is ["traces", .. var traces])
{
    return await TraceRun.MainAsync(traces);
}
if (args is ["traces-server", .. var spans])
{
    return await TraceServerRun.MainAsync(spans);
}
BenchmarkSwitcher.FromAssembly(typeof(ExpositionBenchmarks).Assembly).Run(args);
return 0;
