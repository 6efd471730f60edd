using System.Net;
using Pharos.Collection.Shipping;
using Pharos.Collection.Shipping.Targets;

namespace Pharos.Collection.Tests.Shipping;

/// <summary>Gives what a target listens with to the test instead of a port.</summary>
internal sealed class HeldPushHost : IPushHost, IAsyncDisposable
{
    private readonly TaskCompletionSource<PushIntake> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<PushIntake> Listening => _listening.Task;

    public Task<IAsyncDisposable> ListenAsync(IPEndPoint address, PushSourceOptions options, PushIntake intake, CancellationToken cancellation)
    {
        _listening.TrySetResult(intake);
        return Task.FromResult<IAsyncDisposable>(this);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
