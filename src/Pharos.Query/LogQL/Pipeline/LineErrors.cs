namespace Pharos.Query.LogQL.Pipeline;

/// <summary>The labels by which a line tells what went wrong with it, and what they hold.</summary>
internal static class LineErrors
{
    public const string Label = "__error__";
    public const string DetailsLabel = "__error_details__";
    public const string PreserveLabel = "__preserve_error__";

    public const string Json = "JSONParserErr";
    public const string Logfmt = "LogfmtParserErr";
    public const string Extraction = "SampleExtractionErr";
    public const string Filter = "LabelFilterErr";
    public const string Template = "TemplateFormatErr";
}
