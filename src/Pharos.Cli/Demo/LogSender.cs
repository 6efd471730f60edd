using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Pharos.Cli.Demo;

/// <summary>Sends the reference application's logs to Pharos over Loki's push API, labelled as the pack's promtail.yml labels them. It
/// stands in for a shipper: where lines of the application arrive without it, it does nothing.</summary>
internal sealed class LogSender : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>A shipper would have sent something by then.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stop = new();
    private readonly HttpClient _client;
    private readonly IReadOnlyList<LogFile> _files;
    private readonly Task _running;

    private LogSender(string folder, DemoPorts ports, Uri pharos)
    {
        _client = new HttpClient { BaseAddress = pharos, Timeout = TimeSpan.FromSeconds(10) };
        _files =
        [
            new LogFile(Path.Combine(folder, "web.log"), Labels("progressive-framework-v5", "progressive-framework-v5", ports["web"])),
            .. new[] { "mca", "npa", "wpa" }.Select(agent => new LogFile(
                Path.Combine(folder, $"{agent}.log"),
                [.. Labels(agent, "progressive-agents", ports[agent]), ("agent_type", agent), ("tier", "agents")])),
        ];
        _running = RunAsync(TimeProvider.System.GetUtcNow(), _stop.Token);
    }

    public static LogSender Start(string folder, DemoPorts ports, Uri pharos) => new(folder, ports, pharos);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        foreach (var file in _files)
        {
            file.Dispose();
        }
        _client.Dispose();
        _stop.Dispose();
    }

    private static (string Name, string Value)[] Labels(string app, string job, int port) =>
    [
        ("app", app), ("job", job), ("instance", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}")),
        ("namespace", "progressive-framework-prod"),
    ];

    private async Task RunAsync(DateTimeOffset started, CancellationToken stop)
    {
        try
        {
            await Task.Delay(Grace, stop);
            if (await RetryAsync(() => HasLinesAsync(started, stop), stop))
            {
                return;
            }
            while (true)
            {
                foreach (var file in _files)
                {
                    if (file.ReadLines() is { Count: > 0 } lines)
                    {
                        await RetryAsync(() => PushAsync(Body(file.Labels, lines), stop), stop);
                    }
                }
                await Task.Delay(Pause, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The ordinary end.
        }
    }

    private async Task<bool> HasLinesAsync(DateTimeOffset since, CancellationToken stop)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"loki/api/v1/label/app/values?start={since.ToUnixTimeSeconds()}");
        await using var answer = await _client.GetStreamAsync(new Uri(path, UriKind.Relative), stop);
        using var document = await JsonDocument.ParseAsync(answer, cancellationToken: stop);
        return document.RootElement.TryGetProperty("data", out var apps) && apps.GetArrayLength() > 0;
    }

    private async Task<bool> PushAsync(byte[] body, CancellationToken stop)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var answer = await _client.PostAsync(new Uri("loki/api/v1/push", UriKind.Relative), content, stop);
        // What is refused stays refused; the page of logs says why.
        return (int)answer.StatusCode < 500 ? true : throw new HttpRequestException($"Pharos answered {(int)answer.StatusCode}");
    }

    private static async Task<bool> RetryAsync(Func<Task<bool>> attempt, CancellationToken stop)
    {
        while (true)
        {
            try
            {
                return await attempt();
            }
            catch (Exception e) when (e is HttpRequestException or JsonException || (e is OperationCanceledException && !stop.IsCancellationRequested))
            {
                // Pharos is starting or under pressure.
                await Task.Delay(Pause, stop);
            }
        }
    }

    /// <summary>One push: a stream for each level, the line's own time, ids as structured metadata.</summary>
    private static byte[] Body((string Name, string Value)[] labels, IReadOnlyList<string> lines)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartArray("streams");
            foreach (var level in lines.Select(DemoLogLine.Parse).GroupBy(static line => line.Level, StringComparer.Ordinal))
            {
                json.WriteStartObject();
                json.WriteStartObject("stream");
                foreach (var (name, value) in labels)
                {
                    json.WriteString(name, value);
                }
                json.WriteString("level", level.Key);
                json.WriteEndObject();
                json.WriteStartArray("values");
                foreach (var line in level)
                {
                    line.Write(json);
                }
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return buffer.ToArray();
    }

    /// <summary>A file that grows, and is renamed and begun anew when it is large.</summary>
    private sealed class LogFile(string path, (string Name, string Value)[] labels) : IDisposable
    {
        /// <summary>Read in one turn; the rest waits for the next.</summary>
        private const int MaxBytes = 1 << 20;

        private readonly byte[] _room = new byte[MaxBytes];
        private FileStream? _stream;
        private int _kept;

        public (string Name, string Value)[] Labels => labels;

        public void Dispose() => _stream?.Dispose();

        /// <summary>The whole lines that were written since the last time.</summary>
        public IReadOnlyList<string> ReadLines()
        {
            if (_stream is null && !File.Exists(path))
            {
                return [];
            }
            _stream ??= new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var read = _stream.Read(_room, _kept, MaxBytes - _kept);
            if (read == 0 && File.Exists(path) && new FileInfo(path).Length < _stream.Position)
            {
                // It was renamed, and read to its end.
                _stream.Dispose();
                (_stream, _kept) = (null, 0);
                return [];
            }
            var filled = _room.AsSpan(0, _kept + read);
            var end = filled.LastIndexOf((byte)'\n') + 1;
            var lines = Encoding.UTF8.GetString(filled[..end]).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            filled[end..].CopyTo(_room);
            _kept = filled.Length - end;
            return lines;
        }
    }
}
