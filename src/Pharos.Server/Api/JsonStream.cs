using System.Buffers;
using System.IO.Pipelines;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Pharos.Storage.Encoding;

namespace Pharos.Server.Api;

/// <summary>Writes JSON that is the body of a response. What is not large is sent whole, with its length, so that a client
/// can read it straight to where it belongs; what is large goes to the network in portions while it is written.</summary>
/// <remarks>Not thread-safe; lives as long as one response. Ends with <see cref="EndAsync"/>: without it nothing is sent of an answer that
/// is not large.</remarks>
internal sealed class JsonStream : IAsyncDisposable
{
    /// <summary>What is larger is sent in portions. Bounds what a response holds in memory.</summary>
    private const int MaxWholeBytes = 2 * 1024 * 1024;

    /// <summary>How much gathers before it is sent on, once that has begun.</summary>
    private const int PortionBytes = 64 * 1024;

    /// <summary>How much is handed to the network at once: each time costs it and the client a wake-up.</summary>
    private const int MaxUnsentBytes = 512 * 1024;

    /// <summary>How all that is sent is written: what is appended, too.</summary>
    /// <remarks>The answers are application/json with nosniff: escaping for HTML would only make them larger.</remarks>
    public static readonly JsonWriterOptions WriterOptions = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    private readonly HttpResponse? _response;
    private readonly PipeWriter _pipe;
    private readonly CancellationToken _cancellation;
    private readonly BufferChain _gathered = new();
    private bool _isSending;

    public JsonStream(HttpResponse response, CancellationToken cancellation)
        : this(response, WriterOptions, cancellation)
    {
    }

    public JsonStream(HttpResponse response, JsonWriterOptions options, CancellationToken cancellation)
        : this(response.BodyWriter, options, cancellation) => _response = response;

    /// <summary>For what is no response of its own.</summary>
    public JsonStream(PipeWriter pipe, CancellationToken cancellation)
        : this(pipe, WriterOptions, cancellation)
    {
    }

    private JsonStream(PipeWriter pipe, JsonWriterOptions options, CancellationToken cancellation)
    {
        _pipe = pipe;
        _cancellation = cancellation;
        Writer = new Utf8JsonWriter(_gathered, options);
    }

    public Utf8JsonWriter Writer { get; }

    /// <summary>To be called between elements of long lists: sends what has gathered where it is too much to be held, and ends an answer
    /// for which nobody waits any more.</summary>
    public ValueTask BreatheAsync() =>
        _cancellation.IsCancellationRequested ? ValueTask.FromCanceled(_cancellation)
        : Writer.BytesPending + _gathered.Length < (_isSending ? PortionBytes : MaxWholeBytes) ? ValueTask.CompletedTask : SendAsync();

    /// <summary>Puts text behind what was written, whatever the writer thinks.</summary>
    public void Append(ReadOnlySpan<byte> text)
    {
        Writer.Flush();
        _gathered.Write(text);
    }

    /// <summary>As the overload with a span, without a copy.</summary>
    /// <param name="json">Belongs to this stream from now on.</param>
    public void Append(PooledBuffer json)
    {
        Writer.Flush();
        _gathered.Append(json);
    }

    /// <summary>Sends what is left. Nothing is to be written after it.</summary>
    public ValueTask EndAsync()
    {
        Writer.Flush();
        if (!_isSending && _response is { HasStarted: false } response)
        {
            response.ContentLength = _gathered.Length;
        }
        return SendAsync();
    }

    public async ValueTask DisposeAsync()
    {
        // The writer hands over what it holds once more.
        await Writer.DisposeAsync();
        _gathered.Dispose();
    }

    private async ValueTask SendAsync()
    {
        Writer.Flush();
        if (!_isSending && _response is { HasStarted: false } response)
        {
            // What comes before the headers is gathered once more.
            await response.StartAsync(_cancellation);
        }
        _isSending = true;
        while (_gathered.TryTake(out var part))
        {
            using (part)
            {
                // As one piece: the pipe's own are 4 kB, hundreds of them in a message.
                part.Written.Span.CopyTo(_pipe.GetSpan(part.Length));
                _pipe.Advance(part.Length);
            }
            if (_pipe.UnflushedBytes >= MaxUnsentBytes)
            {
                await _pipe.FlushAsync(_cancellation);
            }
        }
        await _pipe.FlushAsync(_cancellation);
    }
}
