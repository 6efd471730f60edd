using System.IO.Pipelines;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Pharos.Server.Api;

/// <summary>Writes JSON straight to a response's pipe and hands it to the network in portions.</summary>
/// <remarks>Not thread-safe; lives as long as one response.</remarks>
internal sealed class JsonStream : IAsyncDisposable
{
    /// <summary>How much may wait in memory before it is sent on; bounds the buffer of large results.</summary>
    private const int PortionBytes = 64 * 1024;

    /// <summary>How all that is sent is written: what comes in by <see cref="SendAsync"/>, too.</summary>
    /// <remarks>The answers are application/json with nosniff: escaping for HTML would only make them larger.</remarks>
    public static readonly JsonWriterOptions WriterOptions = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    private readonly PipeWriter _pipe;
    private readonly CancellationToken _cancellation;

    public JsonStream(PipeWriter pipe, CancellationToken cancellation)
        : this(pipe, WriterOptions, cancellation)
    {
    }

    public JsonStream(PipeWriter pipe, JsonWriterOptions options, CancellationToken cancellation)
    {
        _pipe = pipe;
        _cancellation = cancellation;
        Writer = new Utf8JsonWriter(pipe, options);
    }

    public Utf8JsonWriter Writer { get; }

    /// <summary>To be called between elements of long lists: sends what has gathered once it is a portion.</summary>
    public ValueTask BreatheAsync() =>
        Writer.BytesPending + _pipe.UnflushedBytes < PortionBytes ? ValueTask.CompletedTask : FlushAsync();

    public async ValueTask FlushAsync()
    {
        Writer.Flush();
        await _pipe.FlushAsync(_cancellation);
    }

    /// <summary>Sends bytes that belong behind what was written, whatever the writer thinks.</summary>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> json)
    {
        Writer.Flush();
        await _pipe.WriteAsync(json, _cancellation);
    }

    public ValueTask DisposeAsync() => Writer.DisposeAsync();
}
