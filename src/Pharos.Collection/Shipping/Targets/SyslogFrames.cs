namespace Pharos.Collection.Shipping.Targets;

/// <summary>Cuts a connection's bytes into messages: <c>LENGTH BLANK MESSAGE</c> where it begins with a digit, lines otherwise.</summary>
internal sealed class SyslogFrames(SyslogSourceOptions options)
{
    private const int MaxDigits = 10;

    private readonly List<byte> _rest = [];
    private bool _isCutting;

    /// <exception cref="InvalidDataException">A message is longer than allowed, or its length is none.</exception>
    public IReadOnlyList<byte[]> Add(ReadOnlySpan<byte> bytes)
    {
        _rest.AddRange(bytes);
        var frames = new List<byte[]>();
        var at = 0;
        while (TryCut(ref at, out var frame))
        {
            if (frame.Length > 0)
            {
                frames.Add(frame);
            }
        }
        _rest.RemoveRange(0, at);
        return frames;
    }

    /// <summary>What came last without an end of its own.</summary>
    public IReadOnlyList<byte[]> End() => _rest.Count > 0 && !char.IsAsciiDigit((char)_rest[0]) && !_isCutting ? [[.. _rest]] : [];

    private bool TryCut(ref int at, out byte[] frame)
    {
        frame = [];
        if (at >= _rest.Count)
        {
            return false;
        }
        return options.Format != SyslogFormat.Raw && !_isCutting && _rest[at] is >= (byte)'1' and <= (byte)'9'
            ? TryCutCounted(ref at, out frame) : TryCutLine(ref at, out frame);
    }

    private bool TryCutCounted(ref int at, out byte[] frame)
    {
        frame = [];
        var blank = _rest.IndexOf((byte)' ', at);
        if (blank < 0)
        {
            return _rest.Count - at > MaxDigits ? throw new InvalidDataException("a message's length is none") : false;
        }
        var length = 0L;
        for (var i = at; i < blank; i++)
        {
            length = _rest[i] is >= (byte)'0' and <= (byte)'9' && blank - at <= MaxDigits ? (length * 10) + _rest[i] - '0'
                : throw new InvalidDataException("a message's length is none");
        }
        if (length > options.MaxMessageBytes)
        {
            throw new InvalidDataException($"a message of {length} bytes is longer than {options.MaxMessageBytes}");
        }
        if (_rest.Count - blank - 1 < length)
        {
            return false;
        }
        frame = [.. _rest.GetRange(blank + 1, (int)length)];
        at = blank + 1 + (int)length;
        // Some senders end what they have counted by a newline all the same.
        while (at < _rest.Count && _rest[at] is (byte)'\n' or (byte)'\r')
        {
            at++;
        }
        return true;
    }

    private bool TryCutLine(ref int at, out byte[] frame)
    {
        frame = [];
        var end = _rest.IndexOf(options.EndsWithNul ? (byte)0 : (byte)'\n', at);
        var length = (end < 0 ? _rest.Count : end) - at;
        if (length > options.MaxMessageBytes)
        {
            // The rest of it is passed over, the connection stays.
            if (!_isCutting)
            {
                frame = [.. _rest.GetRange(at, options.MaxMessageBytes)];
            }
            _isCutting = end < 0;
            at = end < 0 ? _rest.Count : end + 1;
            return true;
        }
        if (end < 0)
        {
            return false;
        }
        frame = _isCutting ? [] : [.. _rest.GetRange(at, length)];
        _isCutting = false;
        at = end + 1;
        return true;
    }
}
