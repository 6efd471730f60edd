namespace Pharos.Storage.Logs.Filters;

/// <summary>Takes the pieces of a text.</summary>
internal interface IGramSink
{
    /// <summary>The first three bytes of a word.</summary>
    void Three(uint gram);

    /// <summary>Four bytes of a word.</summary>
    /// <param name="isThreeKnown">Whether the last three of them are a piece, too.</param>
    void Four(uint gram, bool isThreeKnown);

    /// <param name="hash">Of a piece of an id.</param>
    void Id(ulong hash);
}
