using System.Text.Json;
using System.Threading.Channels;

namespace ProgressiveFramework.Logging;

/// <summary>JSON lines as the framework's Promtail pipeline expects them: <c>timestamp</c> (RFC 3339), <c>level</c>,
/// <c>message</c>, <c>service</c>, and whatever fields the event has.</summary>
/// <remarks>Thread-safe. One writer task; the file is renamed to <c>.1</c> at <see cref="MaxFileBytes"/>, and at most
/// <see cref="MaxQueued"/> lines wait, after which new ones are dropped: logging never holds up a request.</remarks>
public sealed class JsonLog : IAsyncDisposable
{
    public const long MaxFileBytes = 16 << 20;
    public const int MaxQueued = 4096;

    private readonly string? _path;
    private readonly string _service;
    private readonly TimeProvider _time;
    private readonly Channel<string> _lines = Channel.CreateBounded<string>(
        new BoundedChannelOptions(MaxQueued) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private readonly Task _writer;

    private JsonLog(string? path, string service, TimeProvider time)
    {
        _path = path;
        _service = service;
        _time = time;
        _writer = WriteAsync();
    }

    public static JsonLog Open(string? folder, string service, TimeProvider time)
    {
        if (folder is not null)
        {
            Directory.CreateDirectory(folder);
        }
        return new JsonLog(folder is null ? null : Path.Combine(folder, $"{service}.log"), service, time);
    }

    public void Info(string message, params ReadOnlySpan<(string Name, object? Value)> fields) => Write("INFO", message, fields);

    public void Warning(string message, params ReadOnlySpan<(string Name, object? Value)> fields) =>
        Write("WARN", message, fields);

    public void Error(string message, params ReadOnlySpan<(string Name, object? Value)> fields) => Write("ERROR", message, fields);

    public async ValueTask DisposeAsync()
    {
        _lines.Writer.TryComplete();
        await _writer;
    }

    private void Write(string level, string message, ReadOnlySpan<(string Name, object? Value)> fields)
    {
        using var buffer = new MemoryStream(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("timestamp", _time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffZ"));
            json.WriteString("level", level);
            json.WriteString("message", message);
            json.WriteString("service", _service);
            foreach (var (name, value) in fields)
            {
                json.WritePropertyName(name);
                switch (value)
                {
                    case int number:
                        json.WriteNumberValue(number);
                        break;
                    case double number:
                        json.WriteNumberValue(number);
                        break;
                    default:
                        json.WriteStringValue(value?.ToString() ?? "");
                        break;
                }
            }
            json.WriteEndObject();
        }
        _lines.Writer.TryWrite(System.Text.Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length)));
    }

    private async Task WriteAsync()
    {
        var file = _path is null ? null : OpenFile();
        try
        {
            while (await _lines.Reader.WaitToReadAsync())
            {
                while (_lines.Reader.TryRead(out var line))
                {
                    if (file is null)
                    {
                        Console.WriteLine(line);
                        continue;
                    }
                    await file.WriteLineAsync(line);
                    if (file.BaseStream.Position > MaxFileBytes)
                    {
                        await file.DisposeAsync();
                        File.Move(_path!, _path + ".1", overwrite: true);
                        file = OpenFile();
                    }
                }
                if (file is not null)
                {
                    await file.FlushAsync();
                }
            }
        }
        finally
        {
            if (file is not null)
            {
                await file.DisposeAsync();
            }
        }
    }

    private StreamWriter OpenFile() =>
        new(new FileStream(_path!, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete));
}
