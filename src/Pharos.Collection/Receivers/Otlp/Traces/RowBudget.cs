namespace Pharos.Collection.Receivers.Otlp.Traces;

/// <summary>Bounds what one request makes of a batch: an empty event or attribute takes two bytes on the wire and twenty times that in memory.</summary>
internal struct RowBudget
{
    /// <summary>Resources, scopes, events, links and attributes of one request. A request of 64 MB with 16 bytes for each has as many.</summary>
    private const int MaxRows = 4_000_000;

    private int _taken;

    /// <exception cref="InvalidDataException">The request has too many.</exception>
    public void Take()
    {
        if (++_taken > MaxRows)
        {
            throw new InvalidDataException($"the request has more than {MaxRows} resources, scopes, events, links and attributes");
        }
    }
}
