namespace Pharos.Collection.Shipping.Targets;

/// <summary>Listens for what other agents push.</summary>
internal sealed class PushSource(PushSourceOptions options, IPushHost? host, TimeProvider time) : ISource
{
    public bool CanWait => true;

    public async Task RunAsync(Func<SourceEntry, ValueTask<bool>> put, CancellationToken cancellation)
    {
        if (host is null)
        {
            throw new NotSupportedException("there is no HTTP server to listen with");
        }
        var address = await ListenAddresses.FindAsync(options.Host, options.Port, cancellation).ConfigureAwait(false);
        var intake = new PushIntake(options, put, time, cancellation);
        var listening = await host.ListenAsync(address, options, intake, cancellation).ConfigureAwait(false);
        await using (listening.ConfigureAwait(false))
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellation).ConfigureAwait(false);
        }
    }
}
