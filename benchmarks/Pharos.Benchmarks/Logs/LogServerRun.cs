using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Pharos.Collection.Shipping.Clients;
using Pharos.Collection.Shipping.Stages;
using Pharos.Storage.Model;

namespace Pharos.Benchmarks.Logs;

/// <summary>The executable under the load of the issue: JSON lines pushed over HTTP, then asked for, beside ripgrep and zstd on the raw lines.
/// <c>logs-server PHAROS DIRECTORY [LINES] [json|protobuf]</c>; DIRECTORY gets <c>raw.log</c> and the server's data.</summary>
/// <remarks>What the server takes is counted in its processor time, so that the client beside it counts little; queries in wall time, as
/// their peers are.</remarks>
internal sealed class LogServerRun(string pharos, string directory, int lines, bool isProtobuf)
{
    private const int LinesPerPush = 5000;
    private const int Pushers = 2;
    private const int Repeats = 5;
    private const double Mega = 1e6;

    /// <summary>Digits, a point and digits: no literal that a filter could look for.</summary>
    private const string WithoutLiteral = "[0-9]{4}[.][0-9]{3}[^0-9]+[0-9]{5}";

    private readonly string _raw = Path.Combine(directory, "raw.log");
    private readonly List<(long FirstNs, byte[] Body)> _pushes = [];
    private string _needle = "";
    private long _startNs;
    private long _endNs;
    private long _rawBytes;

    public static async Task<int> MainAsync(string[] args)
    {
        if (args.Length < 2)
        {
            Console.Error.WriteLine("logs-server PHAROS DIRECTORY [LINES] [json|protobuf]");
            return 1;
        }
        var lines = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 4_000_000;
        await new LogServerRun(args[0], args[1], lines, isProtobuf: args.Length > 3 && args[3] == "protobuf").RunAsync();
        return 0;
    }

    private static void Say(FormattableString text) => Console.WriteLine(FormattableString.Invariant(text));

    private async Task RunAsync()
    {
        Directory.CreateDirectory(directory);
        Generate();
        var data = Path.Combine(directory, "data");
        var settings = Directory.CreateDirectory(Path.Combine(directory, "settings")).FullName;
        await File.WriteAllTextAsync(Path.Combine(settings, "prometheus.yml"), "global: {}\n");
        await File.WriteAllTextAsync(Path.Combine(settings, "loki.yml"), """
            auth_enabled: false
            limits_config: {ingestion_rate_mb: 100000, ingestion_burst_size_mb: 100000, per_stream_rate_limit: 10GB, per_stream_rate_limit_burst: 10GB,
              reject_old_samples: false, creation_grace_period: 87600h, max_query_length: 0s, max_query_series: 100000}
            """);
        await using var server = await ServedPharos.StartAsync(pharos, settings, data);
        await PushAsync(server);
        _pushes.Clear();
        (await server.Client.PostAsync("/loki/flush", null)).Dispose();
        await Task.Delay(TimeSpan.FromSeconds(5));
        Size(Path.Combine(data, "logs"));
        await AskAsync(server);
    }

    private void Generate()
    {
        // Of the last hours: what is older is refused, and what is newer.
        var generator = new LogLines(1, (TimeProvider.System.GetUtcNow() - TimeSpan.FromHours(12)).ToUnixTimeMilliseconds() * 1_000_000);
        var buffer = new byte[4096];
        var entries = new List<ShippedEntry>();
        using var file = new FileStream(_raw, FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 20);
        var firstNs = 0L;
        for (var i = 0; i < lines; i++)
        {
            var length = generator.Next(buffer);
            var line = Encoding.ASCII.GetString(buffer, 0, length);
            if (i == 0)
            {
                _startNs = generator.TimeNs;
            }
            if (i == lines / 2)
            {
                _needle = line.Substring(line.IndexOf("trace_id", StringComparison.Ordinal) + 11, 32);
            }
            firstNs = entries.Count == 0 ? generator.TimeNs : firstNs;
            var labels = LabelSet.From(
                ("namespace", "shop"), ("app", generator.AppOf(generator.Stream)), ("pod", generator.PodOf(generator.Stream)), ("level", generator.Level));
            entries.Add(new ShippedEntry(labels, generator.TimeNs, line));
            if (entries.Count == LinesPerPush || i == lines - 1)
            {
                _pushes.Add((firstNs, isProtobuf ? PushEncoding.Encode(entries, LabelSet.Empty) : Json(entries)));
                entries.Clear();
            }
            buffer[length] = (byte)'\n';
            file.Write(buffer, 0, length + 1);
        }
        _endNs = generator.TimeNs + 1;
        _rawBytes = file.Length;
        Say($"raw: {lines} lines, {_rawBytes / Mega:F1} MB, needle {_needle}");
    }

    private static byte[] Json(IEnumerable<ShippedEntry> entries)
    {
        var streams = entries.GroupBy(static entry => entry.Labels.Build()).Select(static stream =>
        {
            var labels = stream.Key.Select(static label => $"\"{label.Name}\":\"{label.Value}\"");
            var values = stream.Select(static entry => string.Create(
                CultureInfo.InvariantCulture, $"[\"{entry.TimeNs}\",\"{entry.Line.Replace("\"", "\\\"", StringComparison.Ordinal)}\"]"));
            return $"{{\"stream\":{{{string.Join(',', labels)}}},\"values\":[{string.Join(',', values)}]}}";
        });
        return Encoding.ASCII.GetBytes($"{{\"streams\":[{string.Join(',', streams)}]}}");
    }

    private async Task PushAsync(ServedPharos server)
    {
        var (cpu, clock, next) = (server.CpuSeconds, Stopwatch.StartNew(), -1);
        await Task.WhenAll(Enumerable.Range(0, Pushers).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Increment(ref next) is var i && i < _pushes.Count)
            {
                using var content = new ByteArrayContent(_pushes[i].Body);
                content.Headers.ContentType = new MediaTypeHeaderValue(isProtobuf ? "application/x-protobuf" : "application/json");
                using var answer = await server.Client.PostAsync("/loki/api/v1/push", content);
                if (answer.StatusCode != HttpStatusCode.NoContent)
                {
                    throw new IOException($"{answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
                }
            }
        })));
        var seconds = server.CpuSeconds - cpu;
        Say($"intake: {_rawBytes / Mega / seconds:F0} MB of lines per CPU second, {clock.Elapsed.TotalSeconds:F1} s wall; resident {server.ResidentBytes / Mega:F0} MB");
    }

    private void Size(string data)
    {
        var stored = Directory.EnumerateFiles(data, "*", SearchOption.AllDirectories).Sum(static file => new FileInfo(file).Length);
        Say($"stored: {stored / Mega:F1} MB, {(double)_rawBytes / stored:F1} times smaller");
        Peer("zstd", "-1", "-q", "-f", "-k", _raw, "-o", _raw + ".zst");
        if (File.Exists(_raw + ".zst"))
        {
            Say($"zstd -1: {new FileInfo(_raw + ".zst").Length / Mega:F1} MB");
        }
    }

    private async Task AskAsync(ServedPharos server)
    {
        const string All = "{namespace=\"shop\"}";
        await AskAsync(server, "a rare literal", $"{All} |= \"{_needle}\"");
        Peer("rg", "-c", "-F", _needle, _raw);
        await AskAsync(server, "a literal that is nowhere", $"{All} |= \"OutOfMemoryError\"");
        await AskAsync(server, "a frequent literal, 1000 lines backward", $"{All} |= \"request completed\"", "&limit=1000");
        await AskAsync(server, "no literal", $"sum(count_over_time({All} |~ \"{WithoutLiteral}\" [1m]))");
        Peer("rg", "-c", WithoutLiteral, _raw);
        await AskAsync(server, "counts by level", $"sum by (level) (count_over_time({All}[1m]))");
        await AskAsync(server, "counts by detected level", $"sum by (detected_level) (count_over_time({All}[1m]))");
        await AskAsync(server, "json and a comparison", $"sum(count_over_time({All} | json | status > 499 [1m]))");
        await AskAsync(server, "json, by a field", $"sum by (method) (count_over_time({All} | json [1m]))");
        await AskAsync(server, "logfmt-free bytes", $"sum by (app) (bytes_over_time({All}[5m]))");
    }

    private async Task AskAsync(ServedPharos server, string what, string query, string more = "")
    {
        var url = $"/loki/api/v1/query_range?query={Uri.EscapeDataString(query)}&start={_startNs}&end={_endNs}&step=60{more}";
        var times = new List<double>();
        var cpu = server.CpuSeconds;
        var result = "";
        for (var i = 0; i < Repeats; i++)
        {
            var clock = Stopwatch.StartNew();
            using var answer = await server.Client.GetAsync(url);
            var body = await answer.Content.ReadAsByteArrayAsync();
            times.Add(clock.Elapsed.TotalMilliseconds);
            result = answer.IsSuccessStatusCode ? Describe(body) : $"{answer.StatusCode} {Encoding.UTF8.GetString(body)}";
        }
        var seconds = (server.CpuSeconds - cpu) / Repeats;
        times.Sort();
        Say($"{what}: p50 {times[Repeats / 2]:F1} ms, first or worst {times[^1]:F1} ms, {_rawBytes / Mega / Math.Max(seconds, 1e-3):F0} MB per CPU second; {result}");
    }

    private static string Describe(byte[] body)
    {
        using var json = JsonDocument.Parse(body);
        var result = json.RootElement.GetProperty("data").GetProperty("result").EnumerateArray().ToList();
        var values = result.Sum(static series => series.GetProperty("values").GetArrayLength());
        var total = result.Where(static series => series.TryGetProperty("metric", out _)).SelectMany(static series => series.GetProperty("values").EnumerateArray())
            .Sum(static value => double.Parse(value[1].GetString()!, CultureInfo.InvariantCulture));
        return string.Create(CultureInfo.InvariantCulture, $"{result.Count} series, {values} values, sum {total}");
    }

    private static void Peer(string program, params string[] arguments)
    {
        try
        {
            var times = new List<double>();
            var output = "";
            for (var i = 0; i < 3; i++)
            {
                var clock = Stopwatch.StartNew();
                using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
                output = process.StandardOutput.ReadToEnd().Trim();
                process.WaitForExit();
                times.Add(clock.Elapsed.TotalMilliseconds);
            }
            times.Sort();
            Say($"  {program} {arguments[0]}: {times[1]:F1} ms {output}");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Say($"  {program} is not on this machine");
        }
    }
}
