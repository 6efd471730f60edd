namespace Pharos.Storage.Logs.Filters;

/// <summary>Where in a file the bits of a text filter are.</summary>
internal sealed record TextFilterPlace(BloomPlace Words, BloomPlace Ids)
{
    /// <param name="filter">Whole, as <see cref="TextFilter"/> lays it out.</param>
    /// <param name="offset">Of its first byte in the file.</param>
    /// <returns>Without bits where it is not a filter: such a one denies nothing.</returns>
    public static TextFilterPlace Of(ReadOnlySpan<byte> filter, long offset)
    {
        var rest = filter;
        if (!BloomBits.TryTake(ref rest, out var words) || !BloomBits.TryTake(ref rest, out var ids))
        {
            return new TextFilterPlace(default, default);
        }
        return new TextFilterPlace(BloomBits.PlaceOf(words, offset), BloomBits.PlaceOf(ids, offset + words.Length));
    }
}
