namespace Pharos.Collection.Shipping.Stages.Templating;

/// <summary><c>template</c>: an extracted value made by a template; an empty result removes it.</summary>
public sealed class TemplateStage(string source, LineTemplate template) : IStage
{
    public void Process(ShippedEntry entry, IEntryOutput next)
    {
        if (template.Run(entry, entry.Text(source), entry.Line) is { } result)
        {
            if (result.Length == 0)
            {
                entry.Extracted.Remove(source);
            }
            else
            {
                entry.Extracted[source] = result;
            }
        }
        next.Take(entry);
    }
}
