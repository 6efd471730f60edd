namespace Pharos.Collection.Scraping;

/// <summary>How a target is asked to write names that the rules from before Prometheus 3 do not allow.</summary>
public enum NameEscaping
{
    /// <summary><c>allow-utf-8</c>: as they are.</summary>
    AllowUtf8,

    /// <summary>Every other character as an underscore.</summary>
    Underscores,

    /// <summary>Dots as <c>_dot_</c>.</summary>
    Dots,

    /// <summary><c>U__</c> with code points.</summary>
    Values,
}
