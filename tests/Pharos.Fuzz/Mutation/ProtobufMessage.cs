using System.Buffers.Binary;

namespace Pharos.Fuzz.Mutation;

/// <summary>Protobuf without a schema: fields, and in those that can be read so, further messages. Lengths stay right
/// whatever is changed.</summary>
internal sealed class ProtobufMessage
{
    private const int MaxDepth = 12;
    private const int MaxFields = 5_000;

    /// <summary>Bounds what one change copies: fields with all that is in them.</summary>
    private const int MaxCopied = 20_000;

    private readonly List<Field> _fields = [];

    /// <summary>The message, or null where the bytes are none.</summary>
    public static ProtobufMessage? TryRead(ReadOnlySpan<byte> bytes, int depth = 0)
    {
        var message = new ProtobufMessage();
        while (!bytes.IsEmpty)
        {
            if (!TryVarint(ref bytes, out var key) || key >> 3 == 0 || message._fields.Count > MaxFields)
            {
                return null;
            }
            var field = new Field { Number = (int)(key >> 3), WireType = (int)(key & 7) };
            switch (field.WireType)
            {
                case 0 when TryVarint(ref bytes, out var value):
                    field.Value = value;
                    break;
                case 1 when bytes.Length >= 8:
                    field.Value = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
                    bytes = bytes[8..];
                    break;
                case 2 when TryVarint(ref bytes, out var length) && length <= (ulong)bytes.Length:
                    field.Bytes = bytes[..(int)length].ToArray();
                    field.Message = length > 0 && depth < MaxDepth ? TryRead(field.Bytes, depth + 1) : null;
                    bytes = bytes[(int)length..];
                    break;
                case 5 when bytes.Length >= 4:
                    field.Value = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
                    bytes = bytes[4..];
                    break;
                default:
                    return null;
            }
            message._fields.Add(field);
        }
        return message;
    }

    public void Mutate(Random random)
    {
        for (var left = 1 + random.Next(3); left > 0; left--)
        {
            var at = this;
            while (at._fields.Count > 0 && random.Next(4) > 0 && at._fields[random.Next(at._fields.Count)].Message is { } inner)
            {
                at = inner;
            }
            at.MutateHere(random);
        }
    }

    public byte[] ToBytes()
    {
        using var into = new MemoryStream();
        foreach (var field in _fields)
        {
            WriteVarint(into, ((ulong)(uint)field.Number << 3) | (uint)field.WireType);
            switch (field.WireType)
            {
                case 0:
                    WriteVarint(into, field.Value);
                    break;
                case 1:
                    into.Write(BitConverter.GetBytes(field.Value));
                    break;
                case 2:
                    var bytes = field.Message?.ToBytes() ?? field.Bytes;
                    WriteVarint(into, (ulong)bytes.Length);
                    into.Write(bytes);
                    break;
                case 5:
                    into.Write(BitConverter.GetBytes((uint)field.Value));
                    break;
            }
        }
        return into.ToArray();
    }

    private void MutateHere(Random random)
    {
        if (_fields.Count == 0)
        {
            _fields.Add(new Field { Number = 1 + random.Next(20), WireType = 0, Value = OddValue(random) });
            return;
        }
        var index = random.Next(_fields.Count);
        var field = _fields[index];
        switch (random.Next(9))
        {
            case 0:
                _fields.RemoveAt(index);
                break;
            case 1:
                var copies = Math.Min(random.Next(4) == 0 ? 300 : 2, MaxCopied / field.CountAll());
                for (var left = copies; left > 0 && _fields.Count < MaxFields; left--)
                {
                    _fields.Insert(random.Next(_fields.Count + 1), field.Copy());
                }
                break;
            case 2:
                field.Number = 1 + random.Next(20);
                break;
            case 3 when field.WireType != 2:
                field.Value = OddValue(random);
                break;
            case 4 when field.WireType == 2 && field.Message is null:
                field.Bytes = OddBytes(field.Bytes, random);
                break;
            case 5:
                var other = _fields[random.Next(_fields.Count)];
                (field.Value, field.Bytes, field.Message, field.WireType) = (other.Value, other.Bytes, other.Copy().Message, other.WireType);
                break;
            case 6:
                // A message in itself, several times.
                for (var left = random.Next(3) == 0 ? 120 : 3; left > 0; left--)
                {
                    var outer = new ProtobufMessage();
                    outer._fields.Add(new Field { Number = field.Number, WireType = 2, Message = field.Message, Bytes = field.Bytes });
                    field.WireType = 2;
                    field.Message = outer;
                }
                break;
            case 7:
                field.WireType = new[] { 0, 1, 2, 5, 3, 4, 7 }[random.Next(7)];
                break;
            default:
                _fields.Add(new Field { Number = 1 + random.Next(20), WireType = random.Next(3), Value = OddValue(random), Bytes = OddBytes([], random) });
                break;
        }
    }

    private static ulong OddValue(Random random) => random.Next(8) switch
    {
        0 => 0,
        1 => ulong.MaxValue,
        2 => (ulong)random.Next(64),
        3 => 1UL << random.Next(64),
        4 => BitConverter.DoubleToUInt64Bits(new[] { double.NaN, double.PositiveInfinity, -1, 0.0, 1e308, double.Epsilon }[random.Next(6)]),
        5 => (ulong)(1_700_000_000_000L + random.Next(1_000_000)),
        6 => (ulong)-random.NextInt64(1000),
        _ => (ulong)random.NextInt64(),
    };

    private static byte[] OddBytes(byte[] old, Random random)
    {
        var bytes = random.Next(3) == 0 ? new byte[random.Next(20)] : old.ToArray();
        for (var left = random.Next(4); left > 0 && bytes.Length > 0; left--)
        {
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        }
        return random.Next(4) == 0 ? [.. bytes, .. bytes] : bytes;
    }

    private static bool TryVarint(ref ReadOnlySpan<byte> bytes, out ulong value)
    {
        value = 0;
        for (var i = 0; i < bytes.Length && i < 10; i++)
        {
            value |= (ulong)(bytes[i] & 0x7f) << (7 * i);
            if (bytes[i] < 0x80)
            {
                bytes = bytes[(i + 1)..];
                return true;
            }
        }
        return false;
    }

    private static void WriteVarint(MemoryStream into, ulong value)
    {
        while (value >= 0x80)
        {
            into.WriteByte((byte)(value | 0x80));
            value >>= 7;
        }
        into.WriteByte((byte)value);
    }

    private sealed class Field
    {
        public required int Number { get; set; }

        public required int WireType { get; set; }

        public ulong Value { get; set; }

        public byte[] Bytes { get; set; } = [];

        public ProtobufMessage? Message { get; set; }

        /// <summary>It and all that is in it.</summary>
        public int CountAll() => 1 + (Message?._fields.Sum(static field => field.CountAll()) ?? 0);

        public Field Copy()
        {
            var copy = new Field { Number = Number, WireType = WireType, Value = Value, Bytes = Bytes };
            if (Message is not null)
            {
                copy.Message = new ProtobufMessage();
                copy.Message._fields.AddRange(Message._fields.Select(static field => field.Copy()));
            }
            return copy;
        }
    }
}
