using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using ArmAes = System.Runtime.Intrinsics.Arm.Aes;
using X86Aes = System.Runtime.Intrinsics.X86.Aes;

namespace Pharos.Collection.Hashing;

/// <summary>A keyed hash of 128 bits out of the processor's AES rounds: each block of 16 bytes, with a key of its own added, goes through four
/// rounds, and all are summed up.</summary>
/// <remarks>Four rounds turn no difference of two blocks into one that can be told beforehand with more than 2^-113 (Keliher and Sui, "Exact
/// maximum expected differential and linear probability for two-round AES", 2007), so without the key nobody finds two texts with one hash.
/// The rounds of different blocks do not wait for each other. Thread-safe.</remarks>
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

    public TextHash HashOf(ReadOnlySpan<byte> text)
    {
        var sum = Mix(Vector128.Create((ulong)text.Length, 0).AsByte() ^ _lengthKey);
        var keys = _blockKeys;
        var at = 0;
        foreach (var block in MemoryMarshal.Cast<byte, Vector128<byte>>(text))
        {
            if (at == keys.Length)
            {
                sum = Mix(sum ^ _sumKey);
                at = 0;
            }
            sum ^= Mix(block ^ keys[at++]);
        }
        sum ^= Mix(LastOf(text) ^ _lastKey);
        var words = sum.AsUInt64();
        return new TextHash(words[1], words[0]);
    }

    /// <summary>The last 16 bytes, whether or not some of them are in a whole block as well; of a shorter text all, and zeros. The length, which
    /// is hashed too, says which.</summary>
    private static Vector128<byte> LastOf(ReadOnlySpan<byte> text)
    {
        if (text.Length >= BlockBytes)
        {
            return Vector128.Create(text[^BlockBytes..]);
        }
        Span<byte> last = stackalloc byte[BlockBytes];
        last.Clear();
        text.CopyTo(last);
        return Vector128.Create<byte>(last);
    }

    private Vector128<byte> Mix(Vector128<byte> block) =>
        Round(Round(Round(Round(block, _firstRound), _secondRound), _thirdRound), Vector128<byte>.Zero);

    /// <summary>One round of AES as x86 has it, the key added last.</summary>
    private static Vector128<byte> Round(Vector128<byte> block, Vector128<byte> key) => X86Aes.IsSupported
        ? X86Aes.Encrypt(block, key) : ArmAes.MixColumns(ArmAes.Encrypt(block, Vector128<byte>.Zero)) ^ key;
}
