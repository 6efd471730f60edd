namespace Pharos.Storage.Index;

/// <summary>Takes label sets out of an index, pair by pair, into numbers of their own.</summary>
internal sealed class PairNumbers(LabelIndex index, NumberedLabels into)
{
    /// <summary>By pair one more than its label's number; 0 where it has none yet.</summary>
    private int[] _known = new int[256];

    /// <param name="pairs">Somebody holds them during the call. Afterwards their numbers may stand for others: not for series that were
    /// there when the first set was taken.</param>
    public void Add(ReadOnlySpan<uint> pairs)
    {
        var numbers = into.AddSet(pairs.Length);
        for (var i = 0; i < numbers.Length; i++)
        {
            var pair = (int)pairs[i];
            if (pair >= _known.Length)
            {
                Array.Resize(ref _known, Math.Max(pair + 1, _known.Length * 2));
            }
            ref var known = ref _known[pair];
            if (known == 0)
            {
                known = into.AddLabel(index[pairs[i]]) + 1;
            }
            numbers[i] = known - 1;
        }
    }
}
