using MeaiRouter.Configuration;
using Microsoft.Extensions.Configuration;

namespace MeaiRouter.Registration;

/// <summary>Something that is configured in the same section as the router and changes together with it, or not at all.</summary>
internal interface IConfigurationFollower
{
    /// <summary>Reads its part of a changed configuration, without changing anything yet.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="router">What the router read, which is of no use where there are errors.</param>
    /// <param name="providers">The names of all providers there would be.</param>
    /// <param name="errors">Where to note what is wrong; then nothing of the configuration comes into force.</param>
    /// <returns>What puts it in force. It is called once, and only if nobody found an error.</returns>
    Action Prepare(IConfiguration configuration, RouterConfiguration router, IReadOnlyCollection<string> providers, ConfigurationErrors errors);

    /// <summary>Whether a setting belongs to its part.</summary>
    bool Reads(string path);

    /// <summary>Whether a setting of its part is only read when the process starts.</summary>
    bool NeedsRestart(string path);
}
