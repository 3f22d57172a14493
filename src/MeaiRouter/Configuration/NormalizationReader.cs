using MeaiRouter.Normalization;
using MeaiRouter.Normalization.Compression;

namespace MeaiRouter.Configuration;

/// <summary>Reads what is done where an endpoint does not take a request as it is: the section <c>Normalization</c>.</summary>
internal static class NormalizationReader
{
    private const string Compression = "Compression";

    /// <summary>Reads the options; what is not set keeps its default.</summary>
    public static Action<NormalizingOptions> Read(SectionReader? section)
    {
        if (section is null)
            return static _ => { };

        var unsupported = section.Choice<UnsupportedParameters>("UnsupportedParameters");
        var streaming = section.Choice<StructuredStreaming>("StreamStructured");
        var compression = ReadCompression(section);

        return options =>
        {
            options.UnsupportedParameters = unsupported ?? options.UnsupportedParameters;
            options.StreamStructured = streaming ?? options.StreamStructured;
            options.Compression = compression ?? options.Compression;
        };
    }

    // Like a sort: one word where the defaults do, a section where they do not.
    private static ContextCompression? ReadCompression(SectionReader section)
    {
        if (!section.IsSection(Compression))
            return section.Flag(Compression) == true ? new ContextCompression() : null;

        var defaults = new ContextCompression();
        var compression = section.Section(Compression)!;
        return new ContextCompression
        {
            OutputReserve = compression.Number("OutputReserve", minimum: 0) ?? defaults.OutputReserve,
            MaxMessages = compression.Number("MaxMessages", minimum: 1),
        };
    }
}
