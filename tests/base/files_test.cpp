#include "base/files.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "longhand/base.h"
#include "temporary_directory.h"

namespace longhand {
namespace {

namespace fs = std::filesystem;
using testing::TemporaryDirectory;

std::string slurp(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void spill(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

template <class Action>
std::string error_of(Action action) {
  try {
    action();
  } catch (const IoError& error) {
    return error.what();
  }
  return "no error";
}

std::string long_text() {
  std::string text;
  for (int i = 0; text.size() < 300'000; ++i) text += std::to_string(i) + '\n';
  return text;
}

TEST(Reading, GivesTheBytesOfAFile) {
  const TemporaryDirectory directory;
  for (const std::string& text : {std::string(), std::string("a\0b\n", 4), long_text()}) {
    const auto path = directory / "file";
    spill(path, text);
    EXPECT_EQ(read_text(path), text);
    const FileBytes bytes(path);
    const FileBytes copy = bytes;
    EXPECT_EQ(copy.text(), text);
    EXPECT_EQ(copy.bytes().size(), text.size());
    EXPECT_EQ(copy.path(), path);
  }
}

TEST(Reading, SaysWhichFileAndWhy) {
  const TemporaryDirectory directory;
  const auto missing = directory / "missing.csv";
  const auto expected = "cannot read " + missing + ": No such file or directory";
  EXPECT_EQ(error_of([&] { FileBytes{missing}; }), expected);
  EXPECT_EQ(error_of([&] { read_text(missing); }), expected);
  const auto folder = directory.path().string();
  EXPECT_EQ(error_of([&] { FileBytes{folder}; }), "cannot read " + folder + ": Is a directory");
  EXPECT_EQ(error_of([&] { FileReader{folder}; }), "cannot read " + folder + ": Is a directory");
  EXPECT_EQ(error_of([] { FileBytes{""}; }), "cannot read : No such file or directory");
}

TEST(Reading, RefusesAFileWithoutPermission) {
  if (::geteuid() == 0) GTEST_SKIP() << "the superuser may read everything";
  const TemporaryDirectory directory;
  const auto path = directory / "secret";
  spill(path, "x");
  fs::permissions(path, fs::perms::none);
  EXPECT_EQ(error_of([&] { FileBytes{path}; }), "cannot read " + path + ": Permission denied");
}

TEST(Reading, NoticesAFileCutShort) {
  const TemporaryDirectory directory;
  const auto path = directory / "file";
  spill(path, "12345678");
  FileReader reader(path);
  EXPECT_EQ(reader.size(), 8U);
  fs::resize_file(path, 5);
  std::array<std::byte, 8> bytes{};
  EXPECT_NE(error_of([&] { reader.read_exactly(bytes); }).find(path + ": it ended 3 bytes early"),
            std::string::npos);
}

TEST(Reading, NoticesWhetherAFileHasChanged) {
  const TemporaryDirectory directory;
  const auto path = directory / "file";
  const auto set_time = [&](fs::file_time_type time) { fs::last_write_time(path, time); };
  struct Change {
    const char* what;
    std::function<void(fs::file_time_type)> act;
    bool is_noticed;
  };
  for (const auto& [what, act, is_noticed] :
       {Change{"read", [&](auto) { slurp(path); }, false}, Change{"time set to what it was", [&](auto time) { set_time(time); }, false},
        Change{"a microsecond later", [&](auto time) { set_time(time + std::chrono::microseconds(1)); }, true},
        Change{"longer, at the same time", [&](auto time) { spill(path, "123456789"); set_time(time); }, true},
        Change{"shorter, at the same time", [&](auto time) { spill(path, "1234567"); set_time(time); }, true}}) {
    spill(path, "12345678");
    const FileReader reader(path);
    act(fs::last_write_time(path));
    EXPECT_EQ(reader.has_changed(), is_noticed) << what;
  }
}

TEST(Reading, GoesOnWhereItStopped) {
  const TemporaryDirectory directory;
  const auto path = directory / "file";
  spill(path, "abcdef");
  auto first = std::make_unique<FileReader>(path);
  std::array<std::byte, 4> bytes{};
  first->read_exactly(bytes);
  EXPECT_EQ(bytes[3], std::byte{'d'});
  FileReader reader = std::move(*first);
  first.reset();  // does not close what it gave away
  EXPECT_EQ(reader.read(bytes), 2U);
  EXPECT_EQ(bytes[0], std::byte{'e'});
  EXPECT_EQ(reader.read(bytes), 0U);
  EXPECT_EQ(reader.read({}), 0U);
}

TEST(Reading, TakesPipesAndFilesOfUnknownSize) {
  const TemporaryDirectory directory;
  const auto pipe = directory / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const auto text = long_text();
  std::thread writer([&] { spill(pipe, text); });
  const FileBytes bytes(pipe);
  writer.join();
  EXPECT_EQ(bytes.text(), text);
  std::thread short_writer([&] { spill(pipe, "short"); });
  FileReader reader(pipe);
  short_writer.join();  // its end is closed: who opens the pipe again waits for ever
  EXPECT_EQ(FileBytes(std::move(reader)).text(), "short");
  EXPECT_EQ(FileReader("/dev/null").size(), std::nullopt);
  EXPECT_EQ(FileBytes("/dev/null").bytes().size(), 0U);
#ifdef __linux__
  EXPECT_NE(FileBytes("/proc/self/status").text().size(), 0U);  // says that its size is 0
#endif
}

TEST(Reading, TakesAStreamToItsEnd) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const auto text = long_text();
  std::thread writer([&] {
    write_file_atomically("/dev/fd/" + std::to_string(ends[1]), text);
    ::close(ends[1]);
  });
  EXPECT_EQ(read_stream(ends[0]), text);
  writer.join();
  ::close(ends[0]);
  EXPECT_EQ(error_of([&] { read_stream(-1); }), "cannot read standard input: Bad file descriptor");
}

TEST(Writing, MakesAFileOutOfItsParts) {
  const TemporaryDirectory directory;
  const auto path = directory / "file";
  const std::string first = "ab", second, third = long_text();
  write_file_atomically(path, {std::as_bytes(std::span(first)), std::as_bytes(std::span(second)),
                               std::as_bytes(std::span(third))});
  EXPECT_EQ(slurp(path), first + third);
  write_file_atomically(path, "shorter");
  EXPECT_EQ(slurp(path), "shorter");
  write_file_atomically(path, "");
  EXPECT_EQ(slurp(path), "");
  EXPECT_EQ(directory.files(), 1);
}

mode_t mode_of(const std::string& path) {
  struct stat status {};
  EXPECT_EQ(::stat(path.c_str(), &status), 0);
  return status.st_mode & 07777;
}

TEST(Writing, GivesTheModeOfANewFileOrOfTheOneReplaced) {
  const TemporaryDirectory directory;
  const auto path = directory / "file";
  const mode_t before = ::umask(027);
  write_file_atomically(path, "x");
  EXPECT_EQ(mode_of(path), 0640U);
  fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
  write_file_atomically(path, "y");
  ::umask(before);
  EXPECT_EQ(mode_of(path), 0600U);
}

TEST(Writing, FollowsSymbolicLinks) {
  const TemporaryDirectory directory;
  fs::create_directory(directory / "inner");
  const auto link = directory / "link", target = directory / "inner/target";
  fs::create_symlink("inner/target", link);
  for (const char* text : {"a link to nothing", "a link to a file"}) {
    write_file_atomically(link, text);
    EXPECT_TRUE(fs::is_symlink(link));
    EXPECT_FALSE(fs::is_symlink(target));
    EXPECT_EQ(slurp(target), text);
  }
  fs::create_symlink("loop", directory / "loop");
  EXPECT_NE(
      error_of([&] { write_file_atomically(directory / "loop", "x"); }).find("symbolic links"),
      std::string::npos);
}

TEST(Writing, RefusesADirectoryAndAPlaceThatIsNotThere) {
  const TemporaryDirectory directory;
  const auto folder = directory.path().string();
  EXPECT_EQ(error_of([&] { write_file_atomically(folder, "x"); }),
            "cannot write " + folder + ": Is a directory");
  EXPECT_EQ(error_of([&] { write_file_atomically(directory / "new/", "x"); }),
            "cannot write " + (directory / "new/") + ": Is a directory");
  EXPECT_EQ(error_of([&] { write_file_atomically(directory / "no/file", "x"); }),
            "cannot write " + (directory / "no/file") + ": No such file or directory");
  EXPECT_EQ(error_of([&] { write_file_atomically("", "x"); }),
            "cannot write : No such file or directory");
  EXPECT_EQ(directory.files(), 0);
}

TEST(Writing, RefusesADirectoryWithoutPermission) {
  if (::geteuid() == 0) GTEST_SKIP() << "the superuser may write everywhere";
  const TemporaryDirectory directory;
  fs::permissions(directory.path(), fs::perms::owner_read | fs::perms::owner_exec);
  const auto path = directory / "file";
  EXPECT_EQ(error_of([&] { write_file_atomically(path, "x"); }),
            "cannot write " + path + ": Permission denied");
  fs::permissions(directory.path(), fs::perms::owner_all);
}

TEST(Writing, TakesAPlainNameAndTheLongestName) {
  const TemporaryDirectory directory;
  const auto before = fs::current_path();
  fs::current_path(directory.path());
  const std::string longest(255, 'n');
  EXPECT_NO_THROW(write_file_atomically("plain", "x"));
  EXPECT_NO_THROW(write_file_atomically(longest, "x"));
  EXPECT_THROW(write_file_atomically(longest + "n", "x"), IoError);
  fs::current_path(before);
  EXPECT_EQ(directory.files(), 2);
}

// A limit on the size of files stands for a full disk: the write fails half-way.
TEST(Writing, LeavesTheOldFileWhenTheDiskIsFull) {
  const TemporaryDirectory directory;
  const auto path = directory / "file";
  write_file_atomically(path, "old");
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  struct rlimit before {};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  struct rlimit small = before;
  small.rlim_cur = 100'000;
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  const auto error = error_of([&] { write_file_atomically(path, long_text()); });
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  EXPECT_EQ(error, "cannot write " + path + ": File too large");
  EXPECT_EQ(slurp(path), "old");
  EXPECT_EQ(directory.files(), 1);
}

TEST(Writing, WritesDirectlyToADevice) {
  if (!fs::exists("/dev/full")) GTEST_SKIP() << "no /dev/full here";
  EXPECT_EQ(error_of([] { write_file_atomically("/dev/full", "x"); }),
            "cannot write /dev/full: No space left on device");
  EXPECT_TRUE(fs::is_character_file("/dev/full"));
  EXPECT_NO_THROW(write_file_atomically("/dev/null", "x"));
}

TEST(Writing, WritesDirectlyToARedirectedStream) {
  const TemporaryDirectory directory;
  const auto path = directory / "redirected";
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT, 0600);
  const int standard_output = ::dup(1);
  std::fflush(stdout);
  ::dup2(file, 1);
  write_file_atomically("/dev/stdout", "to the file that the shell opened");
  ::dup2(standard_output, 1);
  ::close(standard_output);
  struct stat opened {
  }, named{};
  EXPECT_EQ(::fstat(file, &opened), 0);
  EXPECT_EQ(::stat(path.c_str(), &named), 0);
  EXPECT_EQ(opened.st_ino, named.st_ino);
  EXPECT_EQ(slurp(path), "to the file that the shell opened");
  ::close(file);
}

TEST(Writing, PassesOverTemporaryFilesOfAProcessThatDied) {
  const TemporaryDirectory directory;
  constexpr int kNames = 1000;
  for (int i = 0; i < kNames; ++i) {
    spill(directory / (".file." + std::to_string(::getpid()) + "-" + std::to_string(i) + ".tmp"),
          "");
  }
  write_file_atomically(directory / "file", "x");
  EXPECT_EQ(slurp(directory / "file"), "x");
  EXPECT_EQ(directory.files(), kNames + 1);
}

TEST(Writing, SeveralThreadsMayWriteTheSameFile) {
  const TemporaryDirectory directory;
  const auto path = directory / "file";
  std::vector<std::thread> writers;
  for (int writer = 0; writer < 4; ++writer) {
    writers.emplace_back([&, writer] {
      for (int i = 0; i < 5; ++i) {
        write_file_atomically(path, std::string(10'000, static_cast<char>('a' + writer)));
      }
    });
  }
  for (auto& writer : writers) writer.join();
  const auto text = slurp(path);
  EXPECT_EQ(text, std::string(10'000, text.at(0)));
  EXPECT_EQ(directory.files(), 1);
}

TEST(Terminal, APipeIsNone) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  EXPECT_FALSE(is_terminal(ends[0]));
  EXPECT_EQ(terminal_width(ends[0]), 80);
  ::close(ends[0]);
  ::close(ends[1]);
  EXPECT_FALSE(is_terminal(-1));
}

TEST(Terminal, ATerminalSaysHowWideItIs) {
  const int terminal = ::posix_openpt(O_RDWR | O_NOCTTY);
  if (terminal < 0) GTEST_SKIP() << "no terminals here";
  EXPECT_TRUE(is_terminal(terminal));
  struct winsize size {};
  EXPECT_EQ(::ioctl(terminal, TIOCSWINSZ, &size), 0);
  EXPECT_EQ(terminal_width(terminal), 80);  // it does not know
  size.ws_col = 132;
  EXPECT_EQ(::ioctl(terminal, TIOCSWINSZ, &size), 0);
  EXPECT_EQ(terminal_width(terminal), 132);
  ::close(terminal);
}

}  // namespace
}  // namespace longhand
