using Microsoft.Extensions.Configuration;

namespace MeaiRouter.Configuration;

/// <summary>A section that was put together from elsewhere. The path of what is in it is where it was written, which need not lie below the section's own.</summary>
internal interface IComposedSection : IConfigurationSection
{
    /// <summary>Notes what could not be put together. What is in the section without it can still be read.</summary>
    void Report(ConfigurationErrors errors);
}
