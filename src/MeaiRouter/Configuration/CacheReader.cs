using MeaiRouter.Caching;

namespace MeaiRouter.Configuration;

/// <summary>Reads whether answers are kept, and how long.</summary>
internal static class CacheReader
{
    /// <summary>Reads the options. Unless it is configured the cache answers only requests that ask for it.</summary>
    public static Action<ResponseCacheOptions> Read(SectionReader? section)
    {
        var enabled = section?.Flag("Enabled") ?? section is not null;
        var timeToLive = section?.Duration("TimeToLive");
        var maxAnswerBytes = section?.Number("MaxAnswerBytes", minimum: 1);
        if (timeToLive < ResponseCacheOptions.ShortestTimeToLive)
            section!.Refuse("TimeToLive", "must be at least a second.");

        return options =>
        {
            options.Enabled = enabled;
            options.TimeToLive = timeToLive ?? options.TimeToLive;
            options.MaxAnswerBytes = maxAnswerBytes ?? options.MaxAnswerBytes;
        };
    }
}
