using System.Buffers;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Pharos.Collection.Receivers.Traces;
using Pharos.Storage.Traces.Batches;

namespace Pharos.Collection.Receivers.Jaeger;

/// <summary>Takes the datagrams of Jaeger's clients: one Thrift message <c>emitBatch</c> each. Nobody hears of an error: what cannot be
/// taken is counted.</summary>
/// <remarks>One loop empties the socket into a bounded queue, another decodes and stores. Disposing stops listening and stores what is
/// queued.</remarks>
public sealed class UdpSpanReceiver : IAsyncDisposable
{
    /// <summary>The largest datagram that is taken, Jaeger's <c>processor.jaeger-*.server-max-packet-size</c>.</summary>
    public const int MaxPacketBytes = 65_000;

    /// <summary>Datagrams that wait for the store, Jaeger's <c>processor.jaeger-*.server-queue-size</c>; further ones are dropped.</summary>
    public const int MaxQueued = 1_000;

    /// <summary>What a datagram can be at all, so that one that is too large is seen to be.</summary>
    private const int DatagramBytes = 65_536;

    /// <summary>What the system is asked to hold while the loop is busy; it gives less where its own limit is lower.</summary>
    private const int SocketBufferBytes = 4 << 20;

    /// <summary>Spans that are stored at once, while more datagrams wait.</summary>
    private const int MaxSpansAtOnce = 4_096;

    private static readonly TimeSpan PauseAfterError = TimeSpan.FromMilliseconds(100);

    private readonly Socket _socket;
    private readonly UdpProtocol _protocol;
    private readonly SpanIntake _intake;
    private readonly UdpSpanMetrics _metrics;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<ArraySegment<byte>> _queue = Channel.CreateBounded<ArraySegment<byte>>(
        new BoundedChannelOptions(MaxQueued) { SingleReader = true, SingleWriter = true });
    private readonly Task _receiving;
    private readonly Task _storing;

    private UdpSpanReceiver(Socket socket, UdpProtocol protocol, SpanIntake intake, TimeProvider time, Meter meter, ILogger logger)
    {
        _socket = socket;
        _protocol = protocol;
        _intake = intake;
        _metrics = new UdpSpanMetrics(meter, protocol == UdpProtocol.Compact ? "compact" : "binary");
        _logger = logger;
        EndPoint = (IPEndPoint)socket.LocalEndPoint!;
        _receiving = Task.Run(() => ReceiveAsync(time));
        _storing = Task.Run(() => StoreAsync(time));
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint { get; }

    /// <exception cref="SocketException">The port is taken or may not be opened.</exception>
    public static UdpSpanReceiver Listen(
        IPEndPoint address, UdpProtocol protocol, SpanIntake intake, TimeProvider time, Meter meter, ILogger logger)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            socket.ReceiveBufferSize = SocketBufferBytes;
            socket.Bind(address);
            return new UdpSpanReceiver(socket, protocol, intake, time, meter, logger);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _receiving.ConfigureAwait(false);
        await _storing.ConfigureAwait(false);
        _socket.Dispose();
        _stop.Dispose();
    }

    private async Task ReceiveAsync(TimeProvider time)
    {
        var buffer = new byte[DatagramBytes];
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var length = await _socket.ReceiveAsync(buffer, SocketFlags.None, _stop.Token).ConfigureAwait(false);
                Queue(buffer.AsSpan(0, length));
            }
            catch (OperationCanceledException)
            {
                break;
            }
            catch (Exception e)
            {
                // Of a datagram that the system could not deliver, and of what nobody thought of: the loop must go on.
                _metrics.ReadError();
                _logger.LogDebug(e, "Reading from {Address} has failed", EndPoint);
                await Task.Delay(PauseAfterError, time, CancellationToken.None).ConfigureAwait(false);
            }
        }
        _queue.Writer.Complete();
    }

    private void Queue(ReadOnlySpan<byte> datagram)
    {
        if (datagram.Length > MaxPacketBytes)
        {
            _metrics.Dropped("too_large");
            return;
        }
        var packet = ArrayPool<byte>.Shared.Rent(datagram.Length);
        datagram.CopyTo(packet);
        if (!_queue.Writer.TryWrite(new ArraySegment<byte>(packet, 0, datagram.Length)))
        {
            ArrayPool<byte>.Shared.Return(packet);
            _metrics.Dropped("queue_full");
        }
    }

    private async Task StoreAsync(TimeProvider time)
    {
        var batch = new SpanBatch();
        var decoder = new UdpSpanDecoder(_protocol, batch, time);
        while (await _queue.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            try
            {
                Store(batch, decoder);
            }
            catch (Exception e)
            {
                _logger.LogError(e, "Spans that came by UDP cannot be stored");
            }
        }
    }

    private void Store(SpanBatch batch, UdpSpanDecoder decoder)
    {
        batch.Clear();
        var packets = 0;
        while (batch.Count < MaxSpansAtOnce && _queue.Reader.TryRead(out var packet))
        {
            try
            {
                packets += Decode(decoder, packet) ? 1 : 0;
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(packet.Array!);
            }
        }
        if (batch.Count == 0)
        {
            _metrics.Processed(packets);
            return;
        }
        try
        {
            var outcome = _intake.Accept(batch, SpanProtocol.JaegerUdp);
            if (!outcome.Retry)
            {
                _metrics.Processed(packets);
                return;
            }
            _metrics.Dropped("overload", packets);
        }
        catch (IOException)
        {
            _metrics.Dropped("store_error", packets);
            throw;
        }
    }

    private bool Decode(UdpSpanDecoder decoder, ArraySegment<byte> packet)
    {
        try
        {
            decoder.Decode(packet);
            return true;
        }
        catch (InvalidDataException e)
        {
            _metrics.Dropped("malformed");
            _logger.LogDebug("A datagram at {Address} is no batch of spans: {Reason}", EndPoint, e.Message);
            return false;
        }
    }
}
