namespace Pharos.Query.Templates;

/// <summary>A template that cannot be parsed or executed; the message is the one that Go's template package would give.</summary>
public sealed class TemplateException : Exception
{
    public TemplateException(string message)
        : base(message)
    {
    }
}
