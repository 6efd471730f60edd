namespace Pharos.Collection.Shipping.Files.Bzip2;

/// <summary>Unpacks bzip2, also several files one behind the other; a block's bytes come only once its checksum was found right.</summary>
/// <remarks>Not thread-safe. <c>BZh9</c>, blocks with the digits of pi in front, the digits of its square root at the end; each block has a CRC-32
/// (highest bit first), and the end one over those. What is wrong or not whole is an <see cref="InvalidDataException"/>. The stream below stays open.</remarks>
internal sealed class Bzip2Stream(Stream packed) : Stream
{
    private const ulong BlockMark = 0x314159265359;
    private const ulong EndMark = 0x177245385090;
    private const uint Polynomial = 0x04C11DB7;
    private const int LevelBytes = 100_000;

    private static readonly uint[] Remainders = MakeRemainders();

    private readonly Bzip2Bits _bits = new(packed);
    private readonly byte[] _checked = new byte[16 * 1024];
    private Bzip2Block? _block;
    private int _level;
    private uint _fileSum;
    private bool _isInFile;
    private bool _isInBlock;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        while (!buffer.IsEmpty && (_isInBlock || NextBlock()))
        {
            var written = _block!.Write(buffer);
            if (written > 0)
            {
                return written;
            }
            _isInBlock = false;
        }
        return 0;
    }

    public override void Flush()
    {
        // Nothing is written.
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <summary>False where nothing follows.</summary>
    private bool NextBlock()
    {
        while (_isInFile || BeginFile())
        {
            var mark = ((ulong)_bits.Read(24) << 24) | _bits.Read(24);
            var sum = _bits.Read(32);
            if (mark == BlockMark)
            {
                _block!.Read(_bits);
                if (SumOfBlock() != sum)
                {
                    throw new InvalidDataException("a bzip2 block's checksum is wrong");
                }
                _block.Rewind();
                _fileSum = uint.RotateLeft(_fileSum, 1) ^ sum;
                _isInBlock = true;
                return true;
            }
            if (mark != EndMark || sum != _fileSum)
            {
                throw new InvalidDataException(mark == EndMark ? "the bzip2 data's checksum is wrong" : "the bzip2 data have neither block nor end");
            }
            _bits.Align();
            _isInFile = false;
        }
        return false;
    }

    private bool BeginFile()
    {
        if (_bits.IsAtEnd)
        {
            return false;
        }
        var head = _bits.Read(32);
        var level = (int)(head & 0xFF) - '0';
        if (head >> 8 != 0x425A68 || level is < 1 or > 9)
        {
            throw new InvalidDataException("the data are not bzip2's");
        }
        if (_block is null || level != _level)
        {
            (_block, _level) = (new Bzip2Block(level * LevelBytes), level);
        }
        (_fileSum, _isInFile) = (0, true);
        return true;
    }

    private uint SumOfBlock()
    {
        var sum = uint.MaxValue;
        while (_block!.Write(_checked) is var written and > 0)
        {
            foreach (var value in _checked.AsSpan(0, written))
            {
                sum = (sum << 8) ^ Remainders[(sum >> 24) ^ value];
            }
        }
        return ~sum;
    }

    private static uint[] MakeRemainders()
    {
        var remainders = new uint[256];
        for (var i = 0U; i < remainders.Length; i++)
        {
            var remainder = i << 24;
            for (var bit = 0; bit < 8; bit++)
            {
                remainder = (remainder << 1) ^ ((remainder & 0x80000000) != 0 ? Polynomial : 0);
            }
            remainders[i] = remainder;
        }
        return remainders;
    }
}
