using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace Pharos.Benchmarks.Soak;

/// <summary>Runs a real server under a steady load and writes down its resident memory: a table and a plot.</summary>
internal sealed class SoakRun
{
    private const string Usage = "soak PHAROS_PROGRAM OUTPUT_FOLDER [minutes=30] [series=600000] [interval=5] [churn=0.1]";
    private const int SeriesPerRequest = 5_000;
    private const double MegaByte = 1e6;
    private static readonly TimeSpan Sampling = TimeSpan.FromSeconds(5);

    /// <summary>What dashboards ask meanwhile.</summary>
    private static readonly string[] Queries =
    [
        "sum by (code) (rate(soak_requests_3_total[5m]))", "count(soak_requests_7_total)", "topk(5, soak_requests_10_total)",
    ];

    private readonly HttpClient _http = new();
    private readonly List<MemoryPoint> _memory = [];
    private readonly TimeProvider _time = TimeProvider.System;
    private readonly int _series;
    private readonly TimeSpan _interval;
    private readonly double _churnPerHour;
    private long _sent;
    private long _refused;
    private long _asked;

    private SoakRun(int series, TimeSpan interval, double churnPerHour) =>
        (_series, _interval, _churnPerHour) = (series, interval, churnPerHour);

    public static async Task<int> MainAsync(string[] args)
    {
        if (args.Length < 2)
        {
            await Console.Error.WriteLineAsync(Usage);
            return 2;
        }
        double Option(string name, double otherwise) => args.Skip(2).Where(arg => arg.StartsWith(name + "=", StringComparison.Ordinal))
            .Select(arg => double.Parse(arg[(name.Length + 1)..], CultureInfo.InvariantCulture)).LastOrDefault(otherwise);
        var run = new SoakRun((int)Option("series", 600_000), TimeSpan.FromSeconds(Option("interval", 5)), Option("churn", 0.1));
        await run.RunAsync(args[0], args[1], TimeSpan.FromMinutes(Option("minutes", 30)));
        return 0;
    }

    private async Task RunAsync(string program, string output, TimeSpan length)
    {
        var folder = Directory.CreateTempSubdirectory("pharos-soak-").FullName;
        var config = Path.Combine(folder, "prometheus.yml");
        await File.WriteAllTextAsync(config, "global: {scrape_interval: 15s}\n");
        using var server = Start(program, config, Path.Combine(folder, "data"), out var listening);
        try
        {
            _http.BaseAddress = await listening;
            using var end = new CancellationTokenSource(length);
            var started = _time.GetTimestamp();
            await Task.WhenAll(SendAsync(end.Token), AskAsync(end.Token), WatchAsync(server, started, end.Token));
            await WriteAsync(output, length);
        }
        finally
        {
            server.Kill();
            await server.WaitForExitAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Process Start(string program, string config, string data, out Task<Uri> listening)
    {
        var start = new ProcessStartInfo(program,
            ["serve", $"--config.file={config}", "--data", data, "--web.listen-address=127.0.0.1:0", "--web.enable-remote-write-receiver"])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        var address = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        var server = new Process { StartInfo = start };
        Uri? found = null;
        server.OutputDataReceived += (_, line) =>
        {
            const string Listening = "listening on ";
            if (line.Data?.StartsWith(Listening, StringComparison.Ordinal) == true)
            {
                found = new Uri(line.Data[Listening.Length..]);
            }
            else if (line.Data == "ready" && found is not null)
            {
                address.TrySetResult(found);
            }
        };
        server.Start();
        server.BeginOutputReadLine();
        listening = address.Task;
        return server;
    }

    /// <summary>Every series once an interval; a part of them is replaced by new ones as time goes.</summary>
    private async Task SendAsync(CancellationToken end)
    {
        var load = new RemoteWriteLoad(_series);
        using var timer = new PeriodicTimer(_interval, _time);
        var replaced = 0.0;
        var rounds = 0;
        try
        {
            do
            {
                var nowMs = _time.GetUtcNow().ToUnixTimeMilliseconds();
                for (var first = 0; first < _series && !end.IsCancellationRequested; first += SeriesPerRequest)
                {
                    await PostAsync(load.Request(first, Math.Min(SeriesPerRequest, _series - first), nowMs), end);
                }
                var before = (int)replaced;
                replaced += _series * _churnPerHour * _interval.TotalHours;
                for (var i = before; i < (int)replaced; i++)
                {
                    load.Replace(i % _series, ++rounds);
                }
            }
            while (await timer.WaitForNextTickAsync(end));
        }
        catch (OperationCanceledException)
        {
            // The time is over.
        }
    }

    private async Task PostAsync(byte[] body, CancellationToken end)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentEncoding.Add("snappy");
        content.Headers.ContentType = new("application/x-protobuf");
        using var answer = await _http.PostAsync("api/v1/write", content, end);
        Interlocked.Increment(ref answer.StatusCode == HttpStatusCode.NoContent ? ref _sent : ref _refused);
    }

    private async Task AskAsync(CancellationToken end)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), _time);
        try
        {
            for (var i = 0; await timer.WaitForNextTickAsync(end); i++)
            {
                var now = _time.GetUtcNow().ToUnixTimeSeconds();
                var query = Uri.EscapeDataString(Queries[i % Queries.Length]);
                using var answer = await _http.GetAsync($"api/v1/query_range?query={query}&start={now - 1800}&end={now}&step=15", end);
                _asked++;
            }
        }
        catch (OperationCanceledException)
        {
            // The time is over.
        }
    }

    private async Task WatchAsync(Process server, long started, CancellationToken end)
    {
        using var timer = new PeriodicTimer(Sampling, _time);
        try
        {
            do
            {
                server.Refresh();
                _memory.Add(new MemoryPoint(_time.GetElapsedTime(started).TotalMinutes, server.WorkingSet64 / MegaByte, OwnBytes(server.Id) / MegaByte));
            }
            while (await timer.WaitForNextTickAsync(end));
        }
        catch (OperationCanceledException)
        {
            // The time is over.
        }
    }

    /// <summary>Resident memory without pages of files, which the kernel takes back when somebody needs the room.</summary>
    private static double OwnBytes(int process)
    {
        const string Field = "RssAnon:";
        var line = File.ReadLines($"/proc/{process}/status").First(static line => line.StartsWith(Field, StringComparison.Ordinal));
        return double.Parse(line[Field.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) * 1024;
    }

    private async Task WriteAsync(string output, TimeSpan length)
    {
        var name = Path.Combine(output, _time.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) + "-soak");
        await File.WriteAllLinesAsync(name + ".csv",
            ["minutes,resident_megabytes,without_files_megabytes", .. _memory.Select(static point =>
                FormattableString.Invariant($"{point.Minutes:0.00},{point.Resident:0.0},{point.WithoutFiles:0.0}"))]);
        var title = FormattableString.Invariant(
            $"resident MB (blue; grey: without mapped files) over {length.TotalMinutes:0} min: {_series} series every {_interval.TotalSeconds:0} s, {_churnPerHour:0%} new an hour")
            + FormattableString.Invariant($"; {_sent * SeriesPerRequest / length.TotalSeconds:0} samples/s taken, ")
            + FormattableString.Invariant($"{_refused} of {_sent + _refused} requests refused, {_asked} queries");
        await File.WriteAllTextAsync(name + ".svg", MemoryPlot.Draw(title, _memory));
        Console.WriteLine($"{title}; most {_memory.Max(static point => point.Resident):0} MB; {name}.csv, {name}.svg");
    }
}
