using System.Net;
using Pharos.Collection.Shipping.Targets;

namespace Pharos.Collection.Shipping;

/// <summary>Opens a port for pushes over HTTP: this project has no HTTP server of its own.</summary>
public interface IPushHost
{
    /// <summary>Listens until the result is disposed of, which lets no request in flight wait for long.</summary>
    /// <param name="intake">Gets every push; the request is answered when it is done.</param>
    /// <exception cref="IOException">The port cannot be opened; the message says which one and why.</exception>
    Task<IAsyncDisposable> ListenAsync(IPEndPoint address, PushSourceOptions options, PushIntake intake, CancellationToken cancellation);
}
