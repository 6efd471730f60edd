using System.Buffers.Text;
using Pharos.Storage.Traces;
using Pharos.Storage.Traces.Batches;

namespace Pharos.Collection.Receivers.Traces.Graphs;

/// <summary>What a client's span says of whom it calls.</summary>
/// <remarks>The order of attributes is Tempo's, with the names that OpenTelemetry gave them later beside the old ones.</remarks>
internal readonly ref struct CalledPeer
{
    /// <summary>Longest name that is made of an address and a port, and the bytes that the caller lends for it.</summary>
    public const int MaxAddress = 256;

    private CalledPeer(ReadOnlySpan<byte> name, bool isDatabase)
    {
        Name = name;
        IsDatabase = isDatabase;
    }

    /// <summary>Empty where it says nothing.</summary>
    public ReadOnlySpan<byte> Name { get; }

    public bool IsDatabase { get; }

    /// <param name="room">For a name that is made here; it is valid as long as these bytes are not used again.</param>
    public static CalledPeer Of(SpanBatch batch, in SpanRow row, Span<byte> room)
    {
        var number = 0L;
        ReadOnlySpan<byte> service = default, server = default, address = default, port = default;
        ReadOnlySpan<byte> database = default, system = default;
        for (var at = row.Attributes.First; at != AttributeRange.End; at = batch.Attribute(at).Next)
        {
            ref readonly var attribute = ref batch.Attribute(at);
            var key = batch.Text(attribute.Key);
            if (key.Length < 7 || key[0] is not ((byte)'p' or (byte)'d' or (byte)'s' or (byte)'n'))
            {
                continue;
            }
            var value = attribute.Kind == AttributeKind.Text ? batch.Text(attribute.Text) : default;
            switch (key)
            {
                case var _ when key.SequenceEqual("peer.service"u8):
                    service = value;
                    break;
                case var _ when key.SequenceEqual("db.name"u8) || key.SequenceEqual("db.namespace"u8):
                    database = value;
                    break;
                case var _ when key.SequenceEqual("db.system"u8) || key.SequenceEqual("db.system.name"u8):
                    system = value;
                    break;
                case var _ when key.SequenceEqual("server.address"u8):
                    server = value;
                    break;
                case var _ when key.SequenceEqual("network.peer.address"u8):
                    address = value;
                    break;
                case var _ when key.SequenceEqual("network.peer.port"u8):
                    port = value;
                    number = attribute.Kind == AttributeKind.Int ? attribute.Bits : 0;
                    break;
            }
        }
        var isDatabase = !database.IsEmpty || !system.IsEmpty;
        var name = !service.IsEmpty ? service
            : !isDatabase ? default
            : !server.IsEmpty ? server
            : !address.IsEmpty ? WithPort(address, port, number, room)
            : !database.IsEmpty ? database
            : system;
        return new CalledPeer(name, isDatabase);
    }

    private static ReadOnlySpan<byte> WithPort(ReadOnlySpan<byte> address, ReadOnlySpan<byte> port, long number, Span<byte> room)
    {
        if ((port.IsEmpty && number <= 0) || address.Length + 1 >= room.Length)
        {
            return address;
        }
        address.CopyTo(room);
        room[address.Length] = (byte)':';
        var rest = room[(address.Length + 1)..];
        return !port.IsEmpty ? (port.TryCopyTo(rest) ? room[..(address.Length + 1 + port.Length)] : address)
            : Utf8Formatter.TryFormat(number, rest, out var written) ? room[..(address.Length + 1 + written)] : address;
    }
}
