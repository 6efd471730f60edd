using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Pharos.Collection.Receivers.Jaeger;
using Pharos.Collection.Receivers.Traces;
using Pharos.Collection.Tests.Receivers.Thrift;
using Pharos.Collection.Tests.Receivers.Traces;
using Pharos.Storage.Traces.Memory;
using Pharos.Storage.Traces.Search;
using Stopwatch = System.Diagnostics.Stopwatch;

namespace Pharos.Collection.Tests.Receivers.Jaeger;

/// <summary>Datagrams over the loopback: good ones are stored, others are counted and harm nobody.</summary>
public sealed class UdpSpanReceiverTests
{
    [Theory]
    [InlineData(UdpProtocol.Compact, "compact")]
    [InlineData(UdpProtocol.Binary, "binary")]
    public async Task Good_datagrams_are_stored_and_others_counted(UdpProtocol protocol, string name)
    {
        using var meter = new Meter("udp-test");
        using var counts = new Counts(meter);
        var store = new MemoryTraceStore();
        await using (var receiver = UdpSpanReceiver.Listen(
            new IPEndPoint(IPAddress.Loopback, 0), protocol, new SpanIntake(store), TimeProvider.System, meter, NullLogger.Instance))
        {
            using var client = new UdpClient(AddressFamily.InterNetwork);
            client.Connect(receiver.EndPoint);
            await client.SendAsync(Datagram(protocol, 1));
            await client.SendAsync("rubbish"u8.ToArray());
            await client.SendAsync(ReadOnlyMemory<byte>.Empty);
            await client.SendAsync(new byte[UdpSpanReceiver.MaxPacketBytes + 1]);
            await client.SendAsync(Datagram(protocol, 2));
            await counts.WaitAsync($"processed {name} ", 2);
            await counts.WaitAsync($"dropped {name} malformed", 2);
            await counts.WaitAsync($"dropped {name} too_large", 1);
        }
        Assert.Equal(
            ["1:1<0 op Unspecified 3000+1000 @{service.name='api'} {}", "2:2<0 op Unspecified 3000+1000 @{service.name='api'} {}"],
            store.Spans(new TraceFilter(), default).Select(SpanText.Of).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_is_queued_is_stored_before_the_end()
    {
        using var meter = new Meter("udp-test");
        using var counts = new Counts(meter);
        var store = new MemoryTraceStore();
        var receiver = UdpSpanReceiver.Listen(
            new IPEndPoint(IPAddress.Loopback, 0), UdpProtocol.Compact, new SpanIntake(store), TimeProvider.System, meter, NullLogger.Instance);
        using (var client = new UdpClient(AddressFamily.InterNetwork))
        {
            client.Connect(receiver.EndPoint);
            for (var i = 1; i <= 200; i++)
            {
                await client.SendAsync(Datagram(UdpProtocol.Compact, i));
            }
        }
        await counts.WaitAsync("processed compact ", 1);
        await receiver.DisposeAsync();
        Assert.Equal(counts.Of("processed compact "), store.Spans(new TraceFilter(), default).Count());
    }

    [Fact]
    public void A_taken_port_is_an_error()
    {
        using var taken = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        using var meter = new Meter("udp-test");
        var failure = Assert.Throws<SocketException>(() => UdpSpanReceiver.Listen(
            (IPEndPoint)taken.Client.LocalEndPoint!, UdpProtocol.Compact, new SpanIntake(new MemoryTraceStore()), TimeProvider.System, meter,
            NullLogger.Instance));
        Assert.Equal(SocketError.AddressAlreadyInUse, failure.SocketErrorCode);
    }

    private static byte[] Datagram(UdpProtocol protocol, long id) => new ThriftBytes(protocol == UdpProtocol.Compact).Message("emitBatch")
        .Struct(arguments => arguments.Field(1, batch => batch.Field(1, static process => process.Field(1, "api"))
            .List(2, span => span.Field(1, id).Field(2, 0L).Field(3, id).Field(4, 0L).Field(5, "op").Field(7, 0).Field(8, 3L).Field(9, 1L)))).ToArray();

    /// <summary>What a meter has counted, by the kind of the counter and the values of its labels.</summary>
    private sealed class Counts : IDisposable
    {
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

        private readonly Dictionary<string, long> _counts = [];
        private readonly MeterListener _listener = new();

        public Counts(Meter meter)
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (ReferenceEquals(instrument.Meter, meter))
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<long>((instrument, value, labels, _) =>
            {
                var what = instrument.Name.Contains("processed", StringComparison.Ordinal) ? "processed" : "dropped";
                var key = $"{what} {labels[0].Value} {(labels.Length > 1 ? labels[1].Value : "")}";
                lock (_counts)
                {
                    _counts[key] = _counts.GetValueOrDefault(key) + value;
                }
            });
            _listener.Start();
        }

        public long Of(string key)
        {
            lock (_counts)
            {
                return _counts.GetValueOrDefault(key);
            }
        }

        public async Task WaitAsync(string key, long count)
        {
            for (var begun = Stopwatch.StartNew(); Of(key) < count && begun.Elapsed < Patience; await Task.Delay(20))
            {
            }
            Assert.InRange(Of(key), count, long.MaxValue);
        }

        public void Dispose() => _listener.Dispose();
    }
}
