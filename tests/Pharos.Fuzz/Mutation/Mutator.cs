using System.Buffers.Binary;
using System.Text;

namespace Pharos.Fuzz.Mutation;

/// <summary>Makes new inputs from old ones.</summary>
/// <remarks>Not thread-safe; the same seed makes the same inputs from the same pool.</remarks>
internal sealed class Mutator
{
    private const int MaxMutations = 6;
    private const int MaxBytes = 64 * 1024;

    /// <summary>How often a piece is repeated to find what recurses or is quadratic.</summary>
    private static readonly int[] Repeats = [2, 8, 33, 70, 130, 420, 2_100, 11_000];

    private static readonly long[] OddNumbers =
    [
        0, 1, -1, 2, 7, 8, 9, 10, 15, 16, 63, 64, 127, 128, 129, 255, 256, 999, 1000, 1001, 32_767, 32_768, 65_535, 65_536, int.MaxValue, int.MinValue,
        uint.MaxValue, 1L << 32, 1L << 53, long.MaxValue, long.MinValue,
    ];

    private static readonly string[] OddNumberTexts =
    [
        "0", "-0", "1", "-1", "00", "1e309", "-1e309", "1e-400", "NaN", "+Inf", "-Inf", "0x1p-2", "1_000", "9223372036854775807", "9223372036854775808",
        "-9223372036854775808", "18446744073709551615", "99999999999999999999999999", "1e18", "2147483648", "0.1", "1s", "1ms", "10000y",
    ];

    private readonly Random _random;
    private readonly byte[][] _tokens;
    private readonly InputForm _form;

    public Mutator(Random random, InputForm form, IReadOnlyList<string> tokens)
    {
        _random = random;
        _form = form;
        _tokens = [.. tokens.Select(Encoding.UTF8.GetBytes)];
    }

    public byte[] Mutate(byte[] input, IReadOnlyList<byte[]> pool)
    {
        if (_form == InputForm.Protobuf && _random.Next(3) > 0 && ProtobufMessage.TryRead(input) is { } message)
        {
            message.Mutate(_random);
            return Cut(message.ToBytes());
        }
        var bytes = input.ToList();
        for (var left = 1 + _random.Next(MaxMutations); left > 0; left--)
        {
            MutateOnce(bytes, pool);
        }
        return Cut([.. bytes]);
    }

    private static byte[] Cut(byte[] bytes) => bytes.Length <= MaxBytes ? bytes : bytes[..MaxBytes];

    private void MutateOnce(List<byte> bytes, IReadOnlyList<byte[]> pool)
    {
        switch (_random.Next(_form == InputForm.Text ? 14 : 9))
        {
            case 0 when bytes.Count > 0:
                bytes[_random.Next(bytes.Count)] ^= (byte)(1 << _random.Next(8));
                break;
            case 1 when bytes.Count > 0:
                bytes[_random.Next(bytes.Count)] = (byte)_random.Next(256);
                break;
            case 2:
                var (start, length) = Slice(bytes);
                bytes.RemoveRange(start, length);
                break;
            case 3:
                (start, length) = Slice(bytes);
                Insert(bytes, bytes.GetRange(start, length));
                break;
            case 4:
                var other = pool[_random.Next(pool.Count)];
                var from = _random.Next(other.Length + 1);
                Insert(bytes, other.AsSpan(from, _random.Next(Math.Min(other.Length - from, 200) + 1)).ToArray());
                break;
            case 5 when bytes.Count > 0:
                OddNumber(bytes);
                break;
            case 6 when bytes.Count > 0:
                var end = _random.Next(bytes.Count);
                bytes.RemoveRange(end, bytes.Count - end);
                break;
            case 7:
                Repeat(bytes);
                break;
            case 8:
                Insert(bytes, [(byte)_random.Next(256)]);
                break;
            case 9 or 10 when _tokens.Length > 0:
                Insert(bytes, _tokens[_random.Next(_tokens.Length)]);
                break;
            case 11:
                ReplaceWord(bytes);
                break;
            case 12:
                MoveLine(bytes);
                break;
            case 13 when _tokens.Length > 0:
                Nest(bytes);
                break;
        }
    }

    private (int Start, int Length) Slice(List<byte> bytes)
    {
        var start = _random.Next(bytes.Count + 1);
        return (start, _random.Next(Math.Min(bytes.Count - start, _random.Next(10) == 0 ? 2_000 : 24) + 1));
    }

    private void Insert(List<byte> bytes, IReadOnlyCollection<byte> piece) => bytes.InsertRange(_random.Next(bytes.Count + 1), piece);

    private void OddNumber(List<byte> bytes)
    {
        Span<byte> number = stackalloc byte[8];
        var value = OddNumbers[_random.Next(OddNumbers.Length)];
        var size = 1 << _random.Next(4);
        if (_random.Next(2) == 0)
        {
            BinaryPrimitives.WriteInt64LittleEndian(number, value);
            number = number[..size];
        }
        else
        {
            BinaryPrimitives.WriteInt64BigEndian(number, value);
            number = number[^size..];
        }
        var at = _random.Next(bytes.Count);
        for (var i = 0; i < number.Length && at + i < bytes.Count; i++)
        {
            bytes[at + i] = number[i];
        }
    }

    private void Repeat(List<byte> bytes)
    {
        var (start, length) = Slice(bytes);
        var piece = bytes.GetRange(start, length);
        for (var left = Repeats[_random.Next(Repeats.Length)]; left > 0 && bytes.Count < MaxBytes && piece.Count > 0; left--)
        {
            bytes.InsertRange(start, piece);
        }
    }

    /// <summary>Many of one token before a place, many of another behind it.</summary>
    private void Nest(List<byte> bytes)
    {
        var open = _tokens[_random.Next(_tokens.Length)];
        var close = _tokens[_random.Next(_tokens.Length)];
        var count = Repeats[_random.Next(Repeats.Length)];
        var at = _random.Next(bytes.Count + 1);
        var before = Enumerable.Repeat(open, count).SelectMany(static token => token).Take(MaxBytes / 2).ToArray();
        var after = Enumerable.Repeat(close, count).SelectMany(static token => token).Take(MaxBytes / 2).ToArray();
        bytes.InsertRange(_random.Next(at, bytes.Count + 1), after);
        bytes.InsertRange(at, before);
    }

    /// <summary>A run of letters and digits becomes another token, or an odd number.</summary>
    private void ReplaceWord(List<byte> bytes)
    {
        if (bytes.Count == 0)
        {
            return;
        }
        var start = _random.Next(bytes.Count);
        while (start > 0 && IsWord(bytes[start - 1]))
        {
            start--;
        }
        var end = start;
        while (end < bytes.Count && IsWord(bytes[end]))
        {
            end++;
        }
        bytes.RemoveRange(start, end - start);
        bytes.InsertRange(start, _tokens.Length > 0 && _random.Next(2) == 0 ? _tokens[_random.Next(_tokens.Length)]
            : Encoding.UTF8.GetBytes(OddNumberTexts[_random.Next(OddNumberTexts.Length)]));
    }

    private static bool IsWord(byte c) => char.IsAsciiLetterOrDigit((char)c) || c is (byte)'_' or (byte)'.';

    /// <summary>Takes a line to another place, perhaps with another indentation.</summary>
    private void MoveLine(List<byte> bytes)
    {
        if (bytes.Count == 0)
        {
            return;
        }
        var start = bytes.LastIndexOf((byte)'\n', _random.Next(bytes.Count)) + 1;
        var end = bytes.IndexOf((byte)'\n', start);
        end = end < 0 ? bytes.Count : end + 1;
        var line = bytes.GetRange(start, end - start);
        if (_random.Next(2) == 0)
        {
            bytes.RemoveRange(start, line.Count);
        }
        for (var indent = _random.Next(5); indent > 0; indent--)
        {
            line.Insert(0, (byte)' ');
        }
        var to = bytes.Count == 0 ? 0 : bytes.LastIndexOf((byte)'\n', _random.Next(bytes.Count)) + 1;
        bytes.InsertRange(to, line);
    }
}
