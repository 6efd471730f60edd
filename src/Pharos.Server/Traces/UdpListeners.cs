using System.Net;
using System.Net.Sockets;
using Pharos.Collection.Receivers.Jaeger;
using Pharos.Server.Hosting;

namespace Pharos.Server.Traces;

/// <summary>The UDP ports of Jaeger's agent, open while the server runs.</summary>
internal sealed class UdpListeners : IAsyncDisposable
{
    private readonly List<UdpSpanReceiver> _receivers = [];

    private UdpListeners()
    {
    }

    /// <summary>Where they listen: the compact protocol first.</summary>
    public IReadOnlyList<IPEndPoint> EndPoints => [.. _receivers.Select(static receiver => receiver.EndPoint)];

    /// <exception cref="ServerStartException">A port is taken and not optional; the message names port and flag.</exception>
    public static async Task<UdpListeners> OpenAsync(PharosServerOptions options, ServerParts parts)
    {
        var listeners = new UdpListeners();
        try
        {
            listeners.Open(options.TracePorts.JaegerCompact, UdpProtocol.Compact, options, parts);
            listeners.Open(options.TracePorts.JaegerBinary, UdpProtocol.Binary, options, parts);
            return listeners;
        }
        catch
        {
            await listeners.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var receiver in _receivers)
        {
            await receiver.DisposeAsync();
        }
    }

    private void Open(ListenAddress? address, UdpProtocol protocol, PharosServerOptions options, ServerParts parts)
    {
        if (address is null)
        {
            return;
        }
        try
        {
            _receivers.Add(UdpSpanReceiver.Listen(
                new IPEndPoint(address.Interface() ?? IPAddress.Any, address.Port), protocol, parts.Traces.Intake, options.Time, parts.Meter,
                parts.Logger));
        }
        catch (SocketException e)
        {
            var reason = e.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse => $"UDP port {address.Port} is in use by another program",
                SocketError.AccessDenied => $"UDP port {address.Port} may only be opened by a privileged user",
                SocketError.AddressNotAvailable => $"{address.Host} is not an address of this machine",
                _ => e.Message,
            };
            if (!options.FamiliarPortsAreOptional)
            {
                throw new ServerStartException($"cannot listen on {address}: {reason}; choose another with --{address.Flag}", e);
            }
            options.Report($"warning: a familiar port is not opened: {reason}; choose another with --{address.Flag}");
        }
        catch (FormatException e)
        {
            throw new ServerStartException(e.Message, e);
        }
    }
}
