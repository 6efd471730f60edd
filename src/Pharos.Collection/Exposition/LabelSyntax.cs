namespace Pharos.Collection.Exposition;

/// <summary>The rules between a pair of braces.</summary>
internal enum LabelSyntax
{
    /// <summary>Blanks and tabs everywhere, commas where one likes, line feeds inside quotes.</summary>
    Prometheus,

    /// <summary>No blanks; line feeds inside quoted names.</summary>
    OpenMetrics,

    /// <summary>Of an OpenMetrics exemplar: neither line feeds nor zero bytes inside quotes.</summary>
    Exemplar,
}
