using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Pharos.Instrumentation.Logging;

namespace Pharos.Instrumentation.Tests.Logging;

[Collection(OneAtATime.Name)]
public sealed partial class JsonLogTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pharos-json-log-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [LoggerMessage(EventId = 7, EventName = "plan_made", Level = LogLevel.Warning, Message = "plan {plan_type} took {performance_metric} ms")]
    private static partial void PlanMade(ILogger log, string plan_type, double performance_metric);

    [Fact]
    public async Task A_line_has_the_trace_the_values_the_scopes_and_the_exception()
    {
        using var spans = new Spans("json-log");
        using var source = new ActivitySource("json-log");
        Activity activity;
        await using (var services = Services(options => options.Service = "npa"))
        {
            var log = services.GetRequiredService<ILoggerFactory>().CreateLogger("Agents.Npa");
            using (activity = source.StartActivity("work")!)
            using (log.BeginScope(new Dictionary<string, object?> { ["agent_id"] = "npa-0", ["plan_type"] = "hidden by the record's own" }))
            {
                PlanMade(log, "keto", 12.5);
            }
            log.LogError(new InvalidOperationException("broken"), "not <done> \"yet\" & ü {Count} {None}", 3, null);
        }
        var lines = Lines();
        Assert.Equal(2, lines.Length);
        Assert.Equal(
            $$"""{"timestamp":"2023-11-14T22:13:20.250Z","level":"WARN","message":"plan keto took 12.5 ms","service":"npa","trace_id":"{{activity.TraceId}}","span_id":"{{activity.SpanId}}","logger":"Agents.Npa","event":"plan_made","plan_type":"keto","performance_metric":12.5,"agent_id":"npa-0"}""",
            lines[0]);
        var second = JsonDocument.Parse(lines[1]).RootElement;
        Assert.Equal(("ERROR", "not <done> \"yet\" & ü 3 (null)", 3, JsonValueKind.Null, "System.InvalidOperationException", "broken"),
            (second.GetProperty("level").GetString()!, second.GetProperty("message").GetString()!, second.GetProperty("Count").GetInt32(),
                second.GetProperty("None").ValueKind, second.GetProperty("exception_type").GetString()!, second.GetProperty("exception_message").GetString()!));
        Assert.False(second.TryGetProperty("trace_id", out _));
        Assert.Contains("<done> \\\"yet\\\" & ü", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lines_of_many_threads_do_not_mix_and_the_file_is_bounded()
    {
        await using (var services = Services(options => options.MaxFileBytes = 40_000))
        {
            var log = services.GetRequiredService<ILoggerFactory>().CreateLogger("x");
            Parallel.For(0, 4, thread =>
            {
                for (var i = 0; i < 250; i++)
                {
                    log.LogInformation("line {Thread} {Number}", thread, i);
                }
            });
        }
        var all = Lines().Concat(File.ReadAllLines(Path.Combine(_folder, "log.1"))).ToArray();
        Assert.All(all, line => JsonDocument.Parse(line));
        Assert.True(new FileInfo(Path.Combine(_folder, "log.1")).Length < 41_000);
    }

    private ServiceProvider Services(Action<JsonLogOptions> configure)
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(FixedTime.At);
        services.AddLogging(logging => logging.AddPharosJson(options =>
        {
            options.FilePath = Path.Combine(_folder, "log");
            configure(options);
        }));
        return services.BuildServiceProvider();
    }

    private string[] Lines() => File.ReadAllLines(Path.Combine(_folder, "log"));
}
