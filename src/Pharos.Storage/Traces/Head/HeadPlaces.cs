namespace Pharos.Storage.Traces.Head;

/// <summary>Where the spans of a trace are, as they came.</summary>
/// <param name="first">Index of the first.</param>
/// <param name="count">Spans from here on came after the snapshot.</param>
internal struct HeadPlaces(HeadSpan[] spans, int first, int count)
{
    private int _next = first;

    public HeadSpan Current { get; private set; }

    public readonly HeadPlaces GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_next < 0 || _next >= count)
        {
            return false;
        }
        Current = spans[_next];
        _next = Current.Next;
        return true;
    }
}
