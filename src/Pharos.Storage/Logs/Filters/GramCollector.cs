namespace Pharos.Storage.Logs.Filters;

/// <summary>The distinct pieces of a block's lines.</summary>
/// <remarks>Not thread-safe. What was seen lately is looked up in a small table first: lines repeat themselves.</remarks>
internal sealed class GramCollector
{
    private const int LatelyBits = 13;

    private readonly HashSet<ulong> _words = [];
    private readonly HashSet<ulong> _ids = [];
    private readonly uint[] _lately = new uint[1 << LatelyBits];
    private ulong[] _wordArray = [];
    private ulong[] _idArray = [];

    /// <summary>Of the pieces collected last, as hashes.</summary>
    public ReadOnlySpan<ulong> Words => _wordArray;

    public ReadOnlySpan<ulong> Ids => _idArray;

    public void Collect(ReadOnlySpan<byte> lines)
    {
        _words.Clear();
        _ids.Clear();
        Array.Clear(_lately);
        var sink = new Sink(this);
        TextGrams.Words(lines, ref sink);
        TextGrams.Ids(lines, ref sink);
        (_wordArray, _idArray) = ([.. _words], [.. _ids]);
    }

    private readonly struct Sink(GramCollector collector) : IGramSink
    {
        private readonly uint[] _lately = collector._lately;

        public void Three(uint gram) => collector._words.Add(TextFilter.HashOf(gram, isLong: false));

        public void Four(uint gram, bool isThreeKnown)
        {
            // Four bytes that are 0 are looked up each time.
            ref var seen = ref _lately[(gram * 0x9E3779B1) >> (32 - LatelyBits)];
            if (seen == gram && gram != 0)
            {
                return;
            }
            seen = gram;
            collector._words.Add(TextFilter.HashOf(gram, isLong: true));
            if (isThreeKnown)
            {
                collector._words.Add(TextFilter.HashOf(gram & 0xffffff, isLong: false));
            }
        }

        public void Id(ulong hash) => collector._ids.Add(hash);
    }
}
