using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Pharos.Instrumentation.Wire;

namespace Pharos.Instrumentation.Logging;

/// <summary>Makes loggers whose lines one task writes.</summary>
/// <remarks>At most <see cref="MaxQueued"/> lines wait; new ones are then dropped and counted: logging never holds up a request. The
/// next line that is written says how many were lost.</remarks>
internal sealed class JsonLogProvider : ILoggerProvider, ISupportExternalScope, IAsyncDisposable
{
    public const int MaxQueued = 4096;

    /// <summary>Buffers of lines that were written wait here to be used again.</summary>
    private readonly Channel<ByteBuffer> _spare = Channel.CreateBounded<ByteBuffer>(
        new BoundedChannelOptions(64) { FullMode = BoundedChannelFullMode.DropWrite });

    private readonly Channel<ByteBuffer> _lines = Channel.CreateBounded<ByteBuffer>(
        new BoundedChannelOptions(MaxQueued) { SingleReader = true });

    private readonly JsonLogOptions _options;
    private readonly Task _writing;
    private long _dropped;

    public JsonLogProvider(JsonLogOptions options, string service, TimeProvider time)
    {
        _options = options;
        Service = service;
        Time = time;
        _writing = WriteAsync();
    }

    public string Service { get; }

    public TimeProvider Time { get; }

    public IExternalScopeProvider? Scopes { get; private set; }

    public ILogger CreateLogger(string categoryName) => new JsonLogger(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => Scopes = _options.IncludeScopes ? scopeProvider : null;

    public ByteBuffer Rent() => _spare.Reader.TryRead(out var buffer) ? buffer : new ByteBuffer(512);

    public void Write(ByteBuffer line)
    {
        if (!_lines.Writer.TryWrite(line))
        {
            Interlocked.Increment(ref _dropped);
        }
    }

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    /// <summary>Writes what waits.</summary>
    public async ValueTask DisposeAsync()
    {
        _lines.Writer.TryComplete();
        await _writing.ConfigureAwait(false);
    }

    private async Task WriteAsync()
    {
        await using var output = _options.FilePath is { } path
            ? (IJsonLogOutput)new JsonLogFile(path, _options.MaxFileBytes) : new JsonLogConsole();
        while (await _lines.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            try
            {
                while (_lines.Reader.TryRead(out var line))
                {
                    await output.WriteAsync(line.WrittenMemory).ConfigureAwait(false);
                    line.Clear();
                    _spare.Writer.TryWrite(line);
                }
                if (Interlocked.Exchange(ref _dropped, 0) is > 0 and var dropped)
                {
                    await output.WriteAsync(JsonLogger.DroppedLine(this, dropped)).ConfigureAwait(false);
                }
                await output.FlushAsync().ConfigureAwait(false);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // A full disk or a closed console: the lines are lost, the application goes on.
                Interlocked.Increment(ref _dropped);
            }
        }
    }
}
