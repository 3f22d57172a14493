using MeaiRouter.Dialects;
using MeaiRouter.Normalization.Compression;

namespace MeaiRouter.Normalization;

/// <summary>What the normalizing layer does where an endpoint does not take a request as it is.</summary>
public sealed class NormalizingOptions
{
    /// <summary>The dialect where no router chose an endpoint. Default: <see cref="Dialect.Default"/>.</summary>
    public Dialect Dialect { get; set; } = Dialect.Default;

    /// <summary>
    /// What becomes of a parameter that the endpoint does not take, or not with the value given. A request with
    /// <c>RoutingPreferences.RequireParameters</c> is always refused.
    /// </summary>
    /// <value>Default: <see cref="UnsupportedParameters.Adapt"/>.</value>
    public UnsupportedParameters UnsupportedParameters { get; set; }

    /// <summary>
    /// How conversations that are too long for an endpoint are compressed; <see langword="null"/> leaves them as they are. A request may decide
    /// otherwise by <c>RoutingPreferences.CompressContext</c>.
    /// </summary>
    /// <value>Default: <see langword="null"/>.</value>
    public ContextCompression? Compression { get; set; }

    /// <summary>
    /// Fetches images, files, sound and film that a conversation holds by address, where the endpoint takes them only as data;
    /// <see langword="null"/> fetches nothing, and such an endpoint is not asked.
    /// </summary>
    /// <value>Default: <see langword="null"/>.</value>
    public IMediaFetcher? MediaFetcher { get; set; }

    /// <summary>When the caller sees a streamed answer that was asked to be JSON.</summary>
    /// <value>Default: <see cref="StructuredStreaming.Hold"/>.</value>
    public StructuredStreaming StreamStructured { get; set; }

    internal NormalizingOptions Validated()
    {
        if (Dialect is null)
            throw new ArgumentException($"{nameof(Dialect)} is null; set a dialect, such as {nameof(Dialect)}.{nameof(Dialect.Default)}.");
        if (!Enum.IsDefined(UnsupportedParameters))
            throw new ArgumentException($"{nameof(UnsupportedParameters)} is {UnsupportedParameters}; it must be one of {string.Join(", ", Enum.GetNames<UnsupportedParameters>())}.");
        if (!Enum.IsDefined(StreamStructured))
            throw new ArgumentException($"{nameof(StreamStructured)} is {StreamStructured}; it must be one of {string.Join(", ", Enum.GetNames<StructuredStreaming>())}.");
        return (NormalizingOptions)MemberwiseClone();
    }
}
