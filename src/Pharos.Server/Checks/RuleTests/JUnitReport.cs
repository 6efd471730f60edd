using System.Globalization;
using System.Xml;

namespace Pharos.Server.Checks.RuleTests;

/// <summary>Results in the XML that build servers read.</summary>
internal sealed class JUnitReport(TimeProvider time)
{
    private readonly List<TestSuite> _suites = [];

    public TestSuite Suite(string name)
    {
        var suite = new TestSuite(name, time.GetUtcNow());
        _suites.Add(suite);
        return suite;
    }

    public void Write(Stream to)
    {
        using var xml = XmlWriter.Create(to, new XmlWriterSettings { Indent = true, CheckCharacters = false });
        xml.WriteStartElement("testsuites");
        foreach (var suite in _suites)
        {
            suite.Write(xml);
        }
        xml.WriteEndElement();
    }

    internal sealed class TestSuite(string name, DateTimeOffset started)
    {
        private readonly List<(string Name, IReadOnlyList<string> Failures)> _cases = [];
        private IReadOnlyList<string> _aborted = [];

        public void Case(string caseName, IReadOnlyList<string> failures) => _cases.Add((caseName, failures));

        /// <summary>The file could not be run at all.</summary>
        public void Abort(IReadOnlyList<string> errors) => _aborted = errors;

        public void Write(XmlWriter xml)
        {
            xml.WriteStartElement("testsuite");
            xml.WriteAttributeString("name", name);
            xml.WriteAttributeString("tests", Number(_cases.Count + (_aborted.Count > 0 ? 1 : 0)));
            xml.WriteAttributeString("failures", Number(_cases.Count(static one => one.Failures.Count > 0)));
            xml.WriteAttributeString("errors", Number(_aborted.Count > 0 ? 1 : 0));
            xml.WriteAttributeString("timestamp", started.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));
            foreach (var (caseName, failures) in _cases)
            {
                Case(xml, caseName, "failure", failures);
            }
            if (_aborted.Count > 0)
            {
                Case(xml, "file", "error", _aborted);
            }
            xml.WriteEndElement();
        }

        private static void Case(XmlWriter xml, string caseName, string element, IReadOnlyList<string> texts)
        {
            xml.WriteStartElement("testcase");
            xml.WriteAttributeString("name", caseName);
            foreach (var text in texts)
            {
                xml.WriteElementString(element, text);
            }
            xml.WriteEndElement();
        }

        private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
    }
}
