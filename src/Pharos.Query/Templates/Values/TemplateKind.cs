namespace Pharos.Query.Templates.Values;

public enum TemplateKind
{
    /// <summary>Nothing: nil, a missing key of an untyped map.</summary>
    None,
    Bool,
    Integer,
    Float,
    Text,

    /// <summary>Text that is already HTML.</summary>
    Html,

    /// <summary>Text that is already a URL to be trusted.</summary>
    Url,
    List,
    Map,
    Object,
}
