using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging;
using Pharos.Storage.Model;

namespace Pharos.Collection.Shipping.Targets;

/// <summary>Listens for syslog messages on UDP, TCP or TLS.</summary>
internal sealed class SyslogSource(SyslogSourceOptions options, TimeProvider time, ILogger logger) : ISource
{
    /// <summary>Connections at once; a further one is closed.</summary>
    private const int MaxConnections = 1000;

    private int _connections;

    public bool CanWait => !options.IsUdp;

    public Task RunAsync(Func<SourceEntry, ValueTask<bool>> put, CancellationToken cancellation) =>
        options.IsUdp ? RunUdpAsync(put, cancellation) : RunTcpAsync(put, cancellation);

    private async Task RunUdpAsync(Func<SourceEntry, ValueTask<bool>> put, CancellationToken cancellation)
    {
        using var socket = new UdpClient(await ListenAddresses.FindAsync(options.Host, options.Port, cancellation).ConfigureAwait(false));
        while (true)
        {
            var received = await socket.ReceiveAsync(cancellation).ConfigureAwait(false);
            await TakeAsync(received.Buffer, received.RemoteEndPoint, put).ConfigureAwait(false);
        }
    }

    private async Task RunTcpAsync(Func<SourceEntry, ValueTask<bool>> put, CancellationToken cancellation)
    {
        var listener = new TcpListener(await ListenAddresses.FindAsync(options.Host, options.Port, cancellation).ConfigureAwait(false));
        listener.Start();
        using var stop = cancellation.Register(listener.Stop);
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync(cancellation).ConfigureAwait(false);
                if (Volatile.Read(ref _connections) >= MaxConnections)
                {
                    client.Dispose();
                    continue;
                }
                Interlocked.Increment(ref _connections);
                _ = Task.Run(() => ServeAsync(client, put, cancellation), CancellationToken.None);
            }
        }
        finally
        {
            listener.Stop();
        }
    }

    private async Task ServeAsync(TcpClient client, Func<SourceEntry, ValueTask<bool>> put, CancellationToken cancellation)
    {
        try
        {
            using var owned = client;
            var sender = (IPEndPoint?)client.Client.RemoteEndPoint;
            Stream stream = client.GetStream();
            if (options.Tls is { } tls)
            {
                var secure = new SslStream(stream);
                await secure.AuthenticateAsServerAsync(tls(), cancellation).ConfigureAwait(false);
                stream = secure;
            }
            await using var read = stream.ConfigureAwait(false);
            var frames = new SyslogFrames(options);
            var buffer = new byte[16 * 1024];
            while (true)
            {
                using var idle = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
                idle.CancelAfter(options.IdleTimeout);
                var length = await stream.ReadAsync(buffer, idle.Token).ConfigureAwait(false);
                foreach (var frame in length == 0 ? frames.End() : frames.Add(buffer.AsSpan(0, length)))
                {
                    await TakeAsync(frame, sender, put).ConfigureAwait(false);
                }
                if (length == 0)
                {
                    return;
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or SocketException or InvalidDataException
            or System.Security.Authentication.AuthenticationException or ObjectDisposedException)
        {
            logger.LogDebug("A syslog connection has ended: {Reason}", e.Message);
        }
        catch (Exception e)
        {
            logger.LogError(e, "A syslog connection has failed");
        }
        finally
        {
            Interlocked.Decrement(ref _connections);
        }
    }

    private async ValueTask TakeAsync(byte[] frame, IPEndPoint? sender, Func<SourceEntry, ValueTask<bool>> put)
    {
        var text = Encoding.UTF8.GetString(frame).TrimEnd('\n', '\r', '\0');
        if (text.Length == 0)
        {
            return;
        }
        var now = time.GetUtcNow();
        var message = options.Format switch
        {
            SyslogFormat.Rfc5424 => SyslogMessage.ParseRfc5424(text),
            SyslogFormat.Rfc3164 => SyslogMessage.ParseRfc3164(text, now),
            _ => SyslogMessage.Raw(text),
        };
        if (message is null)
        {
            logger.LogDebug("A syslog message is not of the form {Format}", options.Format);
            return;
        }
        var labels = new LabelSetBuilder(options.Labels);
        if (sender is not null)
        {
            labels.Set("__syslog_connection_ip_address", sender.Address.ToString());
        }
        message.AddTo(labels, options.LabelsStructuredData);
        var timeNs = options.UsesIncomingTime && message.TimeNs is { } told ? told : (now - DateTimeOffset.UnixEpoch).Ticks * 100;
        await put(new SourceEntry(labels.Build(), timeNs, options.WholeMessage ? text : message.Text)).ConfigureAwait(false);
    }
}
