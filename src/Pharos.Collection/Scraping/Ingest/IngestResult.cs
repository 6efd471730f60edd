namespace Pharos.Collection.Scraping.Ingest;

/// <summary>What one body brought.</summary>
/// <param name="Scraped">Samples in the body, as far as it was read.</param>
/// <param name="AfterRelabeling">Of these, what metric relabeling left.</param>
/// <param name="SeriesAdded">Of these, the ones whose series this target did not expose last time.</param>
/// <param name="Error">Why the scrape fails, or null: then the batch may be committed.</param>
internal readonly record struct IngestResult(int Scraped, int AfterRelabeling, int SeriesAdded, string? Error);
