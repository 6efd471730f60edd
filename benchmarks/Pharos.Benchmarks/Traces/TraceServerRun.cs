using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using Pharos.Storage.Traces.Batches;

namespace Pharos.Benchmarks.Traces;

/// <summary>The executable under load: spans pushed as OTLP over HTTP, then asked for over Jaeger's API. <c>traces-server PHAROS DIRECTORY [SPANS]</c>;
/// DIRECTORY gets the server's data.</summary>
/// <remarks>What the server takes is counted in its processor time, so that the client beside it counts little; questions in wall time.</remarks>
internal sealed class TraceServerRun(string pharos, string directory, int spans)
{
    private const int TracesPerPush = 50;
    private const int MaxWaiting = 32;
    private const int Repeats = 9;
    private const double Mega = 1e6;
    private const long SecondsOfTwoDays = 2 * 86_400;

    private string _id = "";
    private string _session = "";

    public static async Task<int> MainAsync(string[] args)
    {
        if (args.Length < 2)
        {
            Console.Error.WriteLine("traces-server PHAROS DIRECTORY [SPANS]");
            return 1;
        }
        await new TraceServerRun(args[0], args[1], args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 1_000_000).RunAsync();
        return 0;
    }

    private static void Say(FormattableString text) => Console.WriteLine(FormattableString.Invariant(text));

    private async Task RunAsync()
    {
        var data = Path.Combine(directory, "data");
        var settings = Directory.CreateDirectory(Path.Combine(directory, "settings")).FullName;
        await File.WriteAllTextAsync(Path.Combine(settings, "prometheus.yml"), "global: {}\n");
        await using var server = await ServedPharos.StartAsync(pharos, settings, data);
        await PushAsync(server);
        var blocks = Path.Combine(data, "traces", "blocks");
        Say($"stored: {Directory.EnumerateFiles(blocks).Sum(static file => new FileInfo(file).Length) / Mega:F1} MB sealed so far");
        await AskAsync(server, "trace by id", $"/api/traces/{_id}");
        await AskAsync(server, "services", "/api/services");
        await AskAsync(server, "by service", $"/api/traces?service={TraceSpans.ServiceOf(7)}&limit=20&lookback=2d");
        await AskAsync(server, "by an attribute", $"/api/traces?service={TraceSpans.ServiceOf(7)}&limit=20&lookback=2d&tags="
            + Uri.EscapeDataString($"{{\"session.id\":\"{_session}\"}}"));
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        await AskAsync(server, "by an attribute, of any service", $"/tempo/api/search?limit=20&start={now - SecondsOfTwoDays}&end={now}&q="
            + Uri.EscapeDataString($"{{span.session.id=\"{_session}\"}}"));
        Say($"resident at the end: {server.ResidentBytes / Mega:F0} MB, at most {server.PeakResidentBytes / Mega:F0} MB");
    }

    private async Task PushAsync(ServedPharos server)
    {
        using var waiting = new BlockingCollection<byte[]>(MaxWaiting);
        var (cpu, clock) = (server.CpuSeconds, Stopwatch.StartNew());
        var made = Task.Run(() => Make(waiting));
        foreach (var body in waiting.GetConsumingEnumerable())
        {
            using var content = new ByteArrayContent(body);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
            using var answer = await server.Client.PostAsync("/v1/traces", content);
            if (!answer.IsSuccessStatusCode)
            {
                throw new IOException($"{answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
            }
        }
        await made;
        var seconds = server.CpuSeconds - cpu;
        Say($"intake: {spans / seconds:F0} spans a CPU second, {clock.Elapsed.TotalSeconds:F1} s wall; resident {server.ResidentBytes / Mega:F0} MB");
    }

    private void Make(BlockingCollection<byte[]> waiting)
    {
        var start = (TimeProvider.System.GetUtcNow() - TimeSpan.FromHours(12)).ToUnixTimeMilliseconds() * 1_000_000;
        var generator = new TraceSpans(1, start);
        var batch = new SpanBatch();
        for (var count = 0; count < spans; count += batch.Count)
        {
            batch.Clear();
            for (var i = 0; i < TracesPerPush; i++)
            {
                generator.AddTo(batch);
            }
            if (count <= spans / 2)
            {
                (_id, _session) = (generator.LastId.ToString(), generator.LastSession);
            }
            waiting.Add(OtlpSpans.Write(batch));
        }
        waiting.CompleteAdding();
    }

    private static async Task AskAsync(ServedPharos server, string what, string url)
    {
        var times = new List<double>();
        var described = "";
        for (var i = 0; i < Repeats; i++)
        {
            var clock = Stopwatch.StartNew();
            using var answer = await server.Client.GetAsync(url);
            var body = await answer.Content.ReadAsByteArrayAsync();
            times.Add(clock.Elapsed.TotalMilliseconds);
            described = $"{(int)answer.StatusCode}, {body.Length} bytes";
        }
        var first = times[0];
        times.Sort();
        Say($"{what}: first {first:F1} ms, p50 {times[Repeats / 2]:F1} ms, worst {times[^1]:F1} ms; {described}");
    }
}
