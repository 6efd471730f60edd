using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Pharos.Benchmarks.Soak;

namespace Pharos.Benchmarks.Churn;

/// <summary>The load of <see cref="ChurnRun"/> for any store that takes remote write: <c>churn-push URL PID [series=1000000] [minutes=24]
/// [churn=0.1]</c>, one sample a minute of each series, as fast as the store takes it. Prints what the process PID took for each third of it,
/// and then times questions.</summary>
internal sealed class ChurnPushRun(Uri url, int process, int series, int minutes, double churnPerHour)
{
    private const int SeriesPerRequest = 5_000;
    private const int Parts = 3;
    private const int Repeats = 5;
    private const double Mega = 1e6;

    private static readonly DateTimeOffset Start = new(TimeProvider.System.GetUtcNow().Date.AddDays(-1), TimeSpan.Zero);

    private readonly RemoteWriteLoad _load = new(series);
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromMinutes(5) };
    private int _replaced;

    /// <returns>0 where the store took everything.</returns>
    public static async Task<int> MainAsync(string[] args)
    {
        if (args.Length < 2)
        {
            Console.Error.WriteLine("churn-push URL PID [series=1000000] [minutes=24] [churn=0.1]");
            return 1;
        }
        double Option(string name, double otherwise) => args.Where(arg => arg.StartsWith(name + "=", StringComparison.Ordinal))
            .Select(arg => double.Parse(arg[(name.Length + 1)..], CultureInfo.InvariantCulture)).LastOrDefault(otherwise);
        await new ChurnPushRun(new Uri(args[0]), int.Parse(args[1], CultureInfo.InvariantCulture), (int)Option("series", 1_000_000),
            (int)Option("minutes", 24), Option("churn", 0.1)).RunAsync();
        return 0;
    }

    private static void Say(FormattableString text) => Console.WriteLine(FormattableString.Invariant(text));

    private async Task RunAsync()
    {
        var (cpu, samples) = (CpuSeconds(), 0L);
        for (var minute = 1; minute <= minutes; minute++)
        {
            for (var left = (int)(series * churnPerHour / 60); left > 0; left--, _replaced++)
            {
                _load.Replace(_replaced % series, 1 + (_replaced / series));
            }
            for (var first = 0; first < series; first += SeriesPerRequest)
            {
                await PushAsync(_load.Request(first, Math.Min(SeriesPerRequest, series - first), Start.AddMinutes(minute).ToUnixTimeMilliseconds()));
            }
            samples += series;
            if (minute % (minutes / Parts) == 0)
            {
                var now = CpuSeconds();
                Say($"minute {minute}: {series + _replaced} series ever, {samples / (now - cpu) / Mega:F2} M samples a CPU second, resident {ResidentBytes() / Mega:F0} MB");
                (cpu, samples) = (now, 0);
            }
        }
        await AskAsync("sum(rate(soak_requests_1_total[5m]))");
        await AskAsync("sum by (code) (rate({job=\"soak\",n=~\".*7\"}[5m]))");
        await AskAsync("count({job=\"soak\"})");
        await AskAsync("soak_requests_2_total{n=\"2\"}");
        Say($"resident {ResidentBytes() / Mega:F0} MB, {ResidentBytes() / (double)(series + _replaced):F0} bytes a series that ever was");
    }

    private async Task PushAsync(byte[] body)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
        content.Headers.ContentEncoding.Add("snappy");
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(url, "/api/v1/write")) { Content = content };
        request.Headers.Add("X-Prometheus-Remote-Write-Version", "0.1.0");
        using var answer = await _client.SendAsync(request);
        if (answer.StatusCode is not (HttpStatusCode.NoContent or HttpStatusCode.OK))
        {
            throw new IOException($"{answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        }
    }

    private async Task AskAsync(string query)
    {
        var end = Start.AddMinutes(minutes);
        var path = $"/api/v1/query_range?start={Start.AddMinutes(5).ToUnixTimeSeconds()}&end={end.ToUnixTimeSeconds()}&step=60&nocache=1&query={Uri.EscapeDataString(query)}";
        var (times, bytes) = (new List<double>(), 0);
        for (var i = 0; i < Repeats; i++)
        {
            var clock = Stopwatch.StartNew();
            using var answer = await _client.GetAsync(new Uri(url, path));
            bytes = (await answer.Content.ReadAsByteArrayAsync()).Length;
            times.Add(clock.Elapsed.TotalMilliseconds);
        }
        times.Sort();
        Say($"{query}: p50 {times[Repeats / 2]:F1} ms, worst {times[^1]:F1} ms, {bytes} bytes");
    }

    private double CpuSeconds()
    {
        using var server = Process.GetProcessById(process);
        return server.TotalProcessorTime.TotalSeconds;
    }

    private long ResidentBytes()
    {
        using var server = Process.GetProcessById(process);
        return server.WorkingSet64;
    }
}
