namespace Pharos.Collection.Shipping.Stages.Content;

/// <summary><c>output</c>: the line is an extracted value from here on.</summary>
public sealed class OutputStage(string source) : IStage
{
    public void Process(ShippedEntry entry, IEntryOutput next)
    {
        if (entry.Text(source) is { } line)
        {
            entry.Line = line;
        }
        next.Take(entry);
    }
}
