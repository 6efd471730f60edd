using System.Threading.Channels;
using Pharos.Query.TraceQL;
using Pharos.Server.Governing;

namespace Pharos.Server.Api.Tempo;

/// <summary>Runs queries, not more at once than there is room for.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class TempoQueries(TraceEngine engine, Governor governor, int maxConcurrency)
{
    /// <summary>How long a query waits for its turn.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Holds something for each query that runs; there is room for no more.</summary>
    private readonly Channel<byte> _running = Channel.CreateBounded<byte>(maxConcurrency);

    /// <exception cref="TempoRefusal">There is no room for it.</exception>
    public async Task<T> RunAsync<T>(Func<TraceEngine, Task<T>> ask, CancellationToken cancellation)
    {
        // What a query will read is not known before: under pressure it counts as much.
        if (governor.Decision.Level >= ShedLevel.RuleEvaluations && governor.RefusalOf("trace query", long.MaxValue) is { } refusal)
        {
            throw new TempoRefusal(503, refusal);
        }
        await TakeTurnAsync(cancellation);
        try
        {
            return await ask(engine);
        }
        finally
        {
            _running.Reader.TryRead(out _);
        }
    }

    private async Task TakeTurnAsync(CancellationToken cancellation)
    {
        if (_running.Writer.TryWrite(0))
        {
            return;
        }
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        try
        {
            await _running.Writer.WriteAsync(0, patience.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new TempoRefusal(429, "too many outstanding requests");
        }
    }
}
