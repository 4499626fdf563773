using System.Runtime.InteropServices;

namespace OpenCvSharp.Internal;

/// <summary>Imports of native/people.cpp (the HOG people detector), one line each.</summary>
internal static unsafe partial class PeopleNative
{
    [LibraryImport(Bridge.Library, EntryPoint = "hog_new")]
    internal static partial int HogNew(out HogHandle hog);

    [LibraryImport(Bridge.Library, EntryPoint = "hog_delete")]
    internal static partial int HogDelete(nint hog);

    [LibraryImport(Bridge.Library, EntryPoint = "hog_default_people_detector")]
    internal static partial int HogDefaultPeopleDetector(out float* values, out int count);

    [LibraryImport(Bridge.Library, EntryPoint = "hog_set_svm_detector")]
    internal static partial int HogSetSvmDetector(HogHandle hog, ReadOnlySpan<float> values, int count);

    [LibraryImport(Bridge.Library, EntryPoint = "hog_detect_multi_scale")]
    internal static partial int HogDetectMultiScale(
        HogHandle hog, MatHandle image, double threshold, int strideX, int strideY, int paddingX, int paddingY, double scale, int group,
        BufferHandle boxes, BufferHandle weights);
}
