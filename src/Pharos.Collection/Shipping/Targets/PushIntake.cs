using Pharos.Collection.Receivers.Loki;
using Pharos.Storage.Text;

namespace Pharos.Collection.Shipping.Targets;

/// <summary>Takes pushes of other agents to a job's stages and clients.</summary>
/// <remarks>Thread-safe.</remarks>
public sealed class PushIntake
{
    /// <summary>Bytes of bodies whose entries are on their way; further pushes are refused until some have arrived.</summary>
    private const long MaxWaitingBytes = 64 << 20;

    private readonly PushSourceOptions _options;
    private readonly Func<SourceEntry, ValueTask<bool>> _put;
    private readonly TimeProvider _time;
    private readonly CancellationToken _stopping;
    private long _waitingBytes;

    /// <param name="put">Takes an entry to every client; it waits for room.</param>
    internal PushIntake(PushSourceOptions options, Func<SourceEntry, ValueTask<bool>> put, TimeProvider time, CancellationToken stopping) =>
        (_options, _put, _time, _stopping) = (options, put, time, stopping);

    /// <summary>A push in Loki's forms. Ends when every client has its entries, or stages have dropped them.</summary>
    /// <param name="tenant">Who pushes; empty where nobody says.</param>
    /// <returns>False where too much is on its way already: nothing of it was taken.</returns>
    /// <exception cref="InvalidDataException">The body is no push; nothing of it was taken.</exception>
    /// <exception cref="NotSupportedException">It comes in a form that nobody here reads.</exception>
    /// <exception cref="OperationCanceledException">The sender is gone or the target stops: nobody knows what has arrived.</exception>
    public Task<bool> PushAsync(
        ReadOnlyMemory<byte> body, string contentType, string contentEncoding, string tenant, CancellationToken cancellation)
    {
        var pushed = new PushedEntries(_options, tenant, NanosecondTime.Of(_time.GetUtcNow()));
        new LokiPushReceiver().Read(body, contentType, contentEncoding, pushed);
        return ShipAsync(pushed.Entries, body.Length, cancellation);
    }

    /// <summary>Lines of text, otherwise as <see cref="PushAsync"/>.</summary>
    public Task<bool> PushLinesAsync(ReadOnlyMemory<byte> body, string contentEncoding, string tenant, CancellationToken cancellation)
    {
        var pushed = new PushedEntries(_options, tenant, NanosecondTime.Of(_time.GetUtcNow()));
        using (var text = LokiPushReceiver.Unpack(body, contentEncoding))
        {
            pushed.AddLines(text is null ? body.Span : text.Written.Span);
        }
        return ShipAsync(pushed.Entries, body.Length, cancellation);
    }

    private async Task<bool> ShipAsync(IReadOnlyList<SourceEntry> entries, long bytes, CancellationToken cancellation)
    {
        if (Interlocked.Add(ref _waitingBytes, bytes) is var waiting && waiting > MaxWaitingBytes && waiting > bytes)
        {
            Interlocked.Add(ref _waitingBytes, -bytes);
            return false;
        }
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _stopping);

        // Also where the sender is gone: its entries take room until they have arrived.
        var receipt = new PushReceipt(() => Interlocked.Add(ref _waitingBytes, -bytes), either.Token);
        try
        {
            foreach (var entry in entries)
            {
                either.Token.ThrowIfCancellationRequested();
                if (!await _put(entry with { Receipt = receipt }).ConfigureAwait(false))
                {
                    throw new OperationCanceledException("a client has no room");
                }
            }
        }
        finally
        {
            receipt.Settle();
        }
        await receipt.Done.WaitAsync(either.Token).ConfigureAwait(false);
        return true;
    }
}
