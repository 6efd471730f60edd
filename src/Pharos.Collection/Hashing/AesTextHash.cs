using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using ArmAes = System.Runtime.Intrinsics.Arm.Aes;
using X86Aes = System.Runtime.Intrinsics.X86.Aes;

namespace Pharos.Collection.Hashing;

/// <summary>A keyed hash of 128 bits out of the processor's AES rounds: each block of 16 bytes, with a key of its own added, goes through four
/// rounds, and all are summed up.</summary>
/// <remarks>The last 16 bytes are a block of their own, whether or not some of them are in a whole block as well; of a shorter text all, and
/// zeros. The length, which is hashed too, says which. Four rounds turn no difference of two blocks into one that can be told beforehand
/// with more than 2^-113 (Keliher and Sui, "Exact maximum expected differential and linear probability for two-round AES", 2007), so
/// without the key nobody finds two texts with one hash. Thread-safe.</remarks>
internal sealed class AesTextHash
{
    /// <summary>So many blocks are summed up before the sum itself is mixed, and the keys begin anew.</summary>
    public const int BlockKeys = 32;

    public const int BlockBytes = 16;

    /// <summary>The blocks' keys, then those of the last block, of the length, of a mixed sum and of three rounds.</summary>
    public const int KeyBytes = (BlockKeys + 6) * BlockBytes;

    private readonly Vector128<byte>[] _blockKeys;
    private readonly Vector128<byte> _lastKey;
    private readonly Vector128<byte> _lengthKey;
    private readonly Vector128<byte> _sumKey;
    private readonly Vector128<byte> _firstRound;
    private readonly Vector128<byte> _secondRound;
    private readonly Vector128<byte> _thirdRound;

    public AesTextHash(ReadOnlySpan<byte> key)
    {
        var keys = MemoryMarshal.Cast<byte, Vector128<byte>>(key[..KeyBytes]);
        _blockKeys = keys[..BlockKeys].ToArray();
        keys = keys[BlockKeys..];
        (_lastKey, _lengthKey, _sumKey, _firstRound, _secondRound, _thirdRound) = (keys[0], keys[1], keys[2], keys[3], keys[4], keys[5]);
    }

    /// <summary>Whether the processor has AES rounds.</summary>
    public static bool IsSupported => X86Aes.IsSupported || ArmAes.IsSupported;

    /// <summary>Four blocks at a time: their rounds fill the pipeline that one block's rounds, each waiting for the last, leave idle.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public TextHash HashOf(ReadOnlySpan<byte> text)
    {
        var (first, second, third) = (_firstRound, _secondRound, _thirdRound);
        var sum = Mix(Vector128.Create((ulong)text.Length, 0).AsByte() ^ _lengthKey, first, second, third);
        var blocks = MemoryMarshal.Cast<byte, Vector128<byte>>(text);
        while (true)
        {
            var run = blocks.Length > BlockKeys ? blocks[..BlockKeys] : blocks;
            var keys = _blockKeys.AsSpan(0, run.Length);
            var at = 0;
            for (; at + 3 < run.Length; at += 4)
            {
                var (a, b, c, d) = (Round(run[at] ^ keys[at], first), Round(run[at + 1] ^ keys[at + 1], first),
                    Round(run[at + 2] ^ keys[at + 2], first), Round(run[at + 3] ^ keys[at + 3], first));
                (a, b, c, d) = (Round(a, second), Round(b, second), Round(c, second), Round(d, second));
                (a, b, c, d) = (Round(a, third), Round(b, third), Round(c, third), Round(d, third));
                (a, b, c, d) = (Round(a, default), Round(b, default), Round(c, default), Round(d, default));
                sum ^= a ^ b ^ c ^ d;
            }
            for (; at < run.Length; at++)
            {
                sum ^= Mix(run[at] ^ keys[at], first, second, third);
            }
            blocks = blocks[run.Length..];
            if (blocks.IsEmpty)
            {
                break;
            }
            sum = Mix(sum ^ _sumKey, first, second, third);
        }
        sum ^= Mix((text.Length >= BlockBytes ? Vector128.Create(text[^BlockBytes..]) : Padded(text)) ^ _lastKey, first, second, third);
        var words = sum.AsUInt64();
        return new TextHash(words[1], words[0]);
    }

    /// <summary>A text of less than a block, and zeros.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector128<byte> Padded(ReadOnlySpan<byte> text)
    {
        Span<byte> last = stackalloc byte[BlockBytes];
        last.Clear();
        text.CopyTo(last);
        return Vector128.Create<byte>(last);
    }

    private static Vector128<byte> Mix(Vector128<byte> block, Vector128<byte> first, Vector128<byte> second, Vector128<byte> third) =>
        Round(Round(Round(Round(block, first), second), third), Vector128<byte>.Zero);

    /// <summary>One round of AES as x86 has it, the key added last.</summary>
    private static Vector128<byte> Round(Vector128<byte> block, Vector128<byte> key) => X86Aes.IsSupported
        ? X86Aes.Encrypt(block, key) : ArmAes.MixColumns(ArmAes.Encrypt(block, Vector128<byte>.Zero)) ^ key;
}
